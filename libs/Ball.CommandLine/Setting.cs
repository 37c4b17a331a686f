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
    readonly SettingParser<T> _parser;
    readonly Option<string>? _option;
    readonly Option<bool>? _flag;
    readonly Argument<string>? _argument;

    internal Setting(string name, string key, Option<string> option, SettingParser<T> parser, T @default)
        : this(name, key, parser, @default) => _option = option;

    internal Setting(string name, string key, Option<bool> flag, SettingParser<T> parser, T @default)
        : this(name, key, parser, @default) => _flag = flag;

    internal Setting(string name, string key, Argument<string> argument, SettingParser<T> parser, T @default)
        : this(name, key, parser, @default) => _argument = argument;

    Setting(string name, string key, SettingParser<T> parser, T @default) : base(name, key)
    {
        _parser = parser;
        Default = @default;
    }

    internal T Default { get; }

    internal override Symbol Symbol => (Symbol?)_option ?? (Symbol?)_flag ?? _argument!;

    internal override string? TextOf(ParseResult result) =>
        _option is not null ? result.GetValue(_option)
        : _flag is null ? result.GetValue(_argument!)
        : result.GetResult(_flag) is not { Implicit: false } ? null
        : result.GetValue(_flag) ? "true" : "false";

    internal override string? Check(string text) => _parser(text, out _, out string expected) ? null : expected;

    internal T Parse(string text) => _parser(text, out T value, out _) ? value : Default;
}
