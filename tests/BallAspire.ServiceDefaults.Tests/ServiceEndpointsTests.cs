using BallAspire.ServiceDefaults;
using Microsoft.Extensions.Configuration;

namespace BallAspire.ServiceDefaults.Tests;

public sealed class ServiceEndpointsTests
{
    private static ServiceEndpoints Known(params (string Key, string Value)[] settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build());

    [Fact]
    public void A_service_is_found_by_its_name_and_scheme()
    {
        var endpoints = Known(("services:server:http:0", "http://localhost:5080"));

        Assert.Equal(new Uri("http://localhost:5080/errors?last=3"), endpoints.Resolve(new Uri("http://server/errors?last=3")));
    }

    [Fact]
    public void A_service_nobody_knows_keeps_its_address()
    {
        Assert.Equal(new Uri("http://example.org/a"), Known().Resolve(new Uri("http://example.org/a")));
    }

    [Fact]
    public void The_first_scheme_that_exists_is_taken()
    {
        var endpoints = Known(("services:server:http:0", "http://localhost:5080"));

        Assert.Equal(new Uri("http://localhost:5080/"), endpoints.Resolve(new Uri("https+http://server/")));
    }

    [Fact]
    public void Two_schemes_of_an_unknown_service_become_the_first()
    {
        Assert.Equal(new Uri("https://elsewhere/a"), Known().Resolve(new Uri("https+http://elsewhere/a")));
    }

    [Fact]
    public void An_endpoint_is_found_by_its_own_name()
    {
        var endpoints = Known(("services:server:admin:0", "http://localhost:7000"));

        Assert.Equal(new Uri("http://localhost:7000/x"), endpoints.Resolve(new Uri("http://_admin.server/x")));
    }

    [Fact]
    public void An_endpoint_that_is_not_http_is_found_too()
    {
        var endpoints = Known(("services:server:signaling:0", "tcp://localhost:8080"));

        var found = endpoints.Find("server", "signaling");

        Assert.Equal(("localhost", 8080), (found!.Host, found.Port));
    }

    [Fact]
    public void A_name_and_a_port_are_an_address_too()
    {
        var found = Known(("services:server:signaling:0", "server:8000")).Find("server", "signaling");

        Assert.Equal(("server", 8000), (found!.Host, found.Port));
    }

    [Fact]
    public void Several_addresses_take_turns()
    {
        var endpoints = Known(("services:server:http:0", "http://localhost:1"), ("services:server:http:1", "http://localhost:2"));

        var ports = Enumerable.Range(0, 4).Select(_ => endpoints.Find("server", "http")!.Port);

        Assert.Equal([1, 2, 1, 2], ports);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("server")]
    [InlineData("server:")]
    [InlineData("server:70000")]
    public void An_address_that_is_none_says_which_setting_to_mend(string address)
    {
        var endpoints = Known(("services:server:http:0", address));

        var error = Assert.Throws<InvalidOperationException>(() => endpoints.Find("server", "http"));

        Assert.Contains("services:server:http", error.Message);
    }
}
