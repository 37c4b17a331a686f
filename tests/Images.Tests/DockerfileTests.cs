using System.Text.RegularExpressions;

namespace Images.Tests;

/// <summary>What can be known of the images without building them; ./ball test --cluster runs them.</summary>
public sealed class DockerfileTests
{
    public static TheoryData<string> Programs => ["BallServer", "BallClient", "BallDetector"];

    [Theory]
    [MemberData(nameof(Programs))]
    public void All_that_a_program_is_built_from_is_in_the_build_context(string program)
    {
        var context = new BuildContext();
        string[] all =
        [
            .. Projects.Of(program),
            "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig",
        ];
        Assert.All(all, file => Assert.True(context.Has(file), $"{file} is left out"));
    }

    [Theory]
    [InlineData(".git/config")]
    [InlineData("artifacts/bin/BallServer/release/BallServer.dll")]
    [InlineData("tests/Cluster/Program.cs")]
    [InlineData("BallServer/Dockerfile")]
    [InlineData("docs/design.md")]
    [InlineData("standins/Aspire.Hosting/DistributedApplication.cs")]
    public void What_an_image_is_not_built_from_does_not_make_it_be_built_anew(string file) =>
        Assert.False(new BuildContext().Has(file));

    [Theory]
    [MemberData(nameof(Programs))]
    public void Native_packages_are_those_that_set_up_installs(string program)
    {
        var known = Regex.Match(Checkout.Read("ball"), @"^run_packages=\(([^)]*)\)", RegexOptions.Multiline).Groups[1].Value;
        var packages = new Dockerfile(program).Packages;
        Assert.NotEmpty(packages);
        Assert.Subset(known.Split(' ').ToHashSet(), packages.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Base_images_are_arguments_and_the_user_is_nobody_special(string program)
    {
        var file = new Dockerfile(program);
        string[] bases = ["SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0", "RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0"];
        Assert.Equal(bases, file.All("ARG"));
        Assert.Equal(["${SDK_IMAGE} AS projects", "${SDK_IMAGE} AS build", "${RUNTIME_IMAGE}"], file.All("FROM"));
        Assert.Equal(["$APP_UID"], file.All("USER"));
        Assert.Equal([$"[\"./{program}\"]"], file.All("ENTRYPOINT"));
    }
}
