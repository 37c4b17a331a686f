namespace SIPSorcery.Tests;

/// <summary>Tests that run while no others do: they look at the memory of the whole process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
