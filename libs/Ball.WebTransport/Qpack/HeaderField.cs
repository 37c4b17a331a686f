namespace Ball.WebTransport.Qpack;

/// <summary>A name and its value.</summary>
readonly record struct HeaderField(string Name, string Value);
