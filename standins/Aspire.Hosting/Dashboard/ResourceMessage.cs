using System.Collections;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Wire = Aspire.Hosting.Dashboard.Protocol;

namespace Aspire.Hosting.Dashboard;

/// <summary>A resource as the Dashboard reads it.</summary>
internal static class ResourceMessage
{
    public static Wire.Resource From(ResourceEvent update)
    {
        var snapshot = update.Snapshot;
        var message = new Wire.Resource
        {
            Name = update.ResourceId,
            ResourceType = snapshot.ResourceType,
            DisplayName = update.Resource.Name,
            Uid = update.ResourceId,
            IsHidden = snapshot.IsHidden,
            SupportsDetailedTelemetry = update.Resource is ProjectResource or ExecutableResource,
        };
        if (snapshot.State is { } state)
        {
            message.State = state.Text;
            if (state.Style is not null) message.StateStyle = state.Style;
        }

        if (snapshot.CreationTimeStamp is { } created) message.CreatedAt = Time(created);
        if (snapshot.StartTimeStamp is { } started) message.StartedAt = Time(started);
        if (snapshot.StopTimeStamp is { } stopped) message.StoppedAt = Time(stopped);
        if (snapshot.IconName is { } icon) message.IconName = icon;
        if (snapshot.IconVariant is { } variant) message.IconVariant = (Wire.IconVariant)variant;
        message.Environment.AddRange(snapshot.EnvironmentVariables.Select(Variable));
        message.Urls.AddRange(snapshot.Urls.Select(Url));
        message.Properties.AddRange(snapshot.Properties.Select(Property));
        message.Commands.AddRange(snapshot.Commands.Select(Command));
        message.HealthReports.AddRange(snapshot.HealthReports.Select(Report));
        message.Relationships.AddRange(snapshot.Relationships.Select(
            r => new Wire.ResourceRelationship { ResourceName = r.ResourceName, Type = r.Type }));
        return message;
    }

    private static Timestamp Time(DateTime time) => Timestamp.FromDateTime(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static Wire.EnvironmentVariable Variable(EnvironmentVariableSnapshot variable)
    {
        var message = new Wire.EnvironmentVariable { Name = variable.Name, IsFromSpec = variable.IsFromSpec };
        if (variable.Value is not null) message.Value = variable.Value;
        return message;
    }

    private static Wire.Url Url(UrlSnapshot url)
    {
        var message = new Wire.Url
        {
            FullUrl = url.Url,
            IsInternal = url.IsInternal,
            IsInactive = url.IsInactive,
            DisplayProperties = new Wire.UrlDisplayProperties
            {
                SortOrder = url.DisplayProperties.SortOrder,
                DisplayName = url.DisplayProperties.DisplayName,
            },
        };
        if (url.Name is not null) message.EndpointName = url.Name;
        return message;
    }

    private static Wire.ResourceProperty Property(ResourcePropertySnapshot property) => new()
    {
        Name = property.Name,
        Value = Value(property.Value),
        IsSensitive = property.IsSensitive,
    };

    private static Value Value(object? value) => value switch
    {
        null => Google.Protobuf.WellKnownTypes.Value.ForNull(),
        string text => Google.Protobuf.WellKnownTypes.Value.ForString(text),
        bool flag => Google.Protobuf.WellKnownTypes.Value.ForBool(flag),
        IFormattable number =>
            Google.Protobuf.WellKnownTypes.Value.ForString(number.ToString(null, CultureInfo.InvariantCulture)),
        IEnumerable many => Google.Protobuf.WellKnownTypes.Value.ForList([.. many.Cast<object?>().Select(Value)]),
        _ => Google.Protobuf.WellKnownTypes.Value.ForString(value.ToString()),
    };

    private static Wire.ResourceCommand Command(ResourceCommandSnapshot command)
    {
        var message = new Wire.ResourceCommand
        {
            Name = command.Name,
            DisplayName = command.DisplayName,
            IsHighlighted = command.IsHighlighted,
            State = (Wire.ResourceCommandState)command.State,
        };
        if (command.ConfirmationMessage is not null) message.ConfirmationMessage = command.ConfirmationMessage;
        if (command.DisplayDescription is not null) message.DisplayDescription = command.DisplayDescription;
        if (command.IconName is not null) message.IconName = command.IconName;
        if (command.IconVariant is { } variant) message.IconVariant = (Wire.IconVariant)variant;
        return message;
    }

    private static Wire.HealthReport Report(HealthReportSnapshot report)
    {
        var message = new Wire.HealthReport
        {
            Key = report.Name,
            Description = report.Description ?? "",
            Exception = report.ExceptionText ?? "",
        };
        if (report.LastRunAt is { } at) message.LastRunAt = Time(at);
        if (report.Status is { } status)
        {
            message.Status = status switch
            {
                HealthStatus.Healthy => Wire.HealthStatus.Healthy,
                HealthStatus.Degraded => Wire.HealthStatus.Degraded,
                _ => Wire.HealthStatus.Unhealthy,
            };
        }

        return message;
    }
}
