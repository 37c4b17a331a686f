using System.CommandLine;

namespace Ball.CommandLine;

/// <summary>One setting: an option of the command line, and a key of the configuration.</summary>
public abstract class Setting
{
    private protected Setting(string name, string key)
    {
        Name = name;
        Key = key;
    }

    /// <summary>As on the command line, `--signaling-port`.</summary>
    public string Name { get; }

    /// <summary>As in the configuration, `Ball:SignalingPort`; in the environment `Ball__SignalingPort`.</summary>
    public string Key { get; }

    internal abstract Symbol Symbol { get; }

    /// <summary>The text on the command line, or null.</summary>
    internal abstract string? TextOf(ParseResult result);

    /// <summary>Checks a text; null when it is right, else what it has to be.</summary>
    internal abstract string? Check(string text);
}

/// <summary>One setting with values of a type.</summary>
public sealed class Setting<T> : Setting
{
    readonly SettingParser<T> parser;
    readonly Option<string>? option;
    readonly Option<bool>? flag;
    readonly Argument<string>? argument;

    internal Setting(string name, string key, Option<string> option, SettingParser<T> parser, T @default)
        : this(name, key, parser, @default) => this.option = option;

    internal Setting(string name, string key, Option<bool> flag, SettingParser<T> parser, T @default)
        : this(name, key, parser, @default) => this.flag = flag;

    internal Setting(string name, string key, Argument<string> argument, SettingParser<T> parser, T @default)
        : this(name, key, parser, @default) => this.argument = argument;

    Setting(string name, string key, SettingParser<T> parser, T @default) : base(name, key)
    {
        this.parser = parser;
        Default = @default;
    }

    internal T Default { get; }

    internal override Symbol Symbol => (Symbol?)option ?? (Symbol?)flag ?? argument!;

    internal override string? TextOf(ParseResult result) =>
        option is not null ? result.GetValue(option)
        : flag is not null ? result.GetResult(flag) is not { Implicit: false } ? null : result.GetValue(flag) ? "true" : "false"
        : result.GetValue(argument!);

    internal override string? Check(string text) => parser(text, out _, out string expected) ? null : expected;

    internal T Parse(string text) => parser(text, out T value, out _) ? value : Default;
}
