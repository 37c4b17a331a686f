namespace Ball.CommandLine;

/// <summary>What was given for a program's settings.</summary>
public sealed class SettingValues
{
    readonly IReadOnlyDictionary<Setting, string> _texts;

    internal SettingValues(IReadOnlyDictionary<Setting, string> texts) => _texts = texts;

    /// <summary>The value that was given, or the setting's default.</summary>
    public T Of<T>(Setting<T> setting) => _texts.TryGetValue(setting, out string? text) ? setting.Parse(text) : setting.Default;

    /// <summary>Whether anybody gave a value.</summary>
    public bool Has(Setting setting) => _texts.ContainsKey(setting);
}
