using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>One endpoint and the engine's Service that stands for it.</summary>
internal sealed record EndpointPlan(
    IResource Resource, EndpointAnnotation Endpoint, string ServiceName, int? Port, int? TargetPort)
{
    /// <summary>The Services of all endpoints. Ports that the application gets wrong are refused here.</summary>
    public static IReadOnlyList<EndpointPlan> Make(IEnumerable<IResource> resources, bool randomPorts)
    {
        var plans = new List<EndpointPlan>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var resource in resources)
        {
            var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToArray();
            foreach (var endpoint in endpoints)
            {
                var name = endpoints.Length == 1 ? resource.Name : $"{resource.Name}-{endpoint.Name}";
                for (var i = 2; !names.Add(name); i++) name = $"{resource.Name}-{endpoint.Name}-{i}";
                plans.Add(Plan(resource, endpoint, name, randomPorts));
            }
        }

        var shared = plans.Where(p => p.Port is not null)
            .GroupBy(p => (p.Port, p.Endpoint.Protocol)).Where(g => g.Count() > 1);
        foreach (var same in shared)
        {
            throw new DistributedApplicationException(
                $"Port {same.Key.Port} is asked for more than once: {string.Join(" and ", same.Select(p => p.ToString()))}.");
        }

        foreach (var plan in plans) plan.RefuseTakenPort();
        return plans;
    }

    public JsonObject Spec()
    {
        var mode = !Endpoint.IsProxied ? "Proxyless" : Endpoint.TargetHost == "127.0.0.1" ? "IPv4ZeroOne" : "Localhost";
        var spec = new JsonObject
        {
            ["protocol"] = Endpoint.Protocol == System.Net.Sockets.ProtocolType.Udp ? "UDP" : "TCP",
            ["addressAllocationMode"] = mode,
        };
        if (Port is { } port) spec["port"] = port;
        return spec;
    }

    public JsonObject Producer()
    {
        var producer = new JsonObject { ["serviceName"] = ServiceName };
        if (TargetPort is { } port) producer["port"] = port;
        return producer;
    }

    public override string ToString() => $"endpoint '{Endpoint.Name}' of resource '{Resource.Name}'";

    private static EndpointPlan Plan(IResource resource, EndpointAnnotation endpoint, string name, bool randomPorts)
    {
        var (port, target) = (EndpointAnnotation.Fixed(endpoint.Port), EndpointAnnotation.Fixed(endpoint.TargetPort));
        var plan = new EndpointPlan(resource, endpoint, name, port, target);
        var copies = resource.GetReplicaCount();
        if (endpoint.IsProxied)
        {
            if (port is not null && port == target && !randomPorts)
            {
                throw new DistributedApplicationException(
                    $"The {plan} has a proxy, so its port and target port cannot both be {port}: the proxy listens on " +
                    "the one, the process on the other. Drop one of them, or set isProxied to false.");
            }

            if (target is not null && copies > 1)
            {
                throw new DistributedApplicationException(
                    $"Resource '{resource.Name}' uses multiple replicas and a fixed target port for endpoint '{endpoint.Name}'.");
            }

            return randomPorts ? plan with { Port = null } : plan;
        }

        if (copies > 1)
        {
            throw new DistributedApplicationException(
                $"Resource '{resource.Name}' uses multiple replicas and a proxy-less endpoint '{endpoint.Name}'. " +
                "These features do not work together.");
        }

        if (port is not null && target is not null && port != target)
        {
            throw new DistributedApplicationException(
                $"The {plan} has no proxy, so its port ({port}) and target port ({target}) must be the same.");
        }

        var only = port ?? target ?? FreePort.Find(endpoint.Protocol);
        return plan with { Port = only, TargetPort = only };
    }

    private void RefuseTakenPort()
    {
        if (Port is { } port && !FreePort.IsFree(port, Endpoint.Protocol)) throw FreePort.Taken(port, ToString());
    }
}
