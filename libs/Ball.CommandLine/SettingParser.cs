namespace Ball.CommandLine;

/// <summary>Reads a setting's text; on failure the error says what it has to be, as in `a number from 1 to 240`.</summary>
public delegate bool SettingParser<T>(string text, out T value, out string expected);
