namespace Cluster;

/// <summary>The cluster, or what runs in it, is not as it should be. The message is for a person.</summary>
internal sealed class ClusterException(string message) : Exception(message);
