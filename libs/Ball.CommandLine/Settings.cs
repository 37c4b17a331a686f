using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Ball.CommandLine;

/// <summary>
/// All settings of a program. Each can be given on the command line or in the configuration, where the command line wins, and is
/// read and checked in the same way from both.
/// </summary>
public sealed class Settings
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Ball";

    readonly string _program;
    readonly RootCommand _command;
    readonly List<Setting> _all = [];

    public Settings(string program, string description)
    {
        _program = program;
        _command = new RootCommand(description);
    }

    /// <summary>Every setting's name on the command line and its key in the configuration.</summary>
    public IEnumerable<(string Name, string Key)> Names => _all.Select(setting => (setting.Name, setting.Key));

    /// <summary>An option with a value.</summary>
    /// <param name="name">`--fps`</param>
    /// <param name="helpName">What the value is called in the help text.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="parser">How it is read.</param>
    /// <param name="default">Its value when nobody says anything.</param>
    public Setting<T> Add<T>(string name, string helpName, string description, SettingParser<T> parser, T @default)
    {
        var option = new Option<string>(name) { HelpName = helpName, Description = description };
        _command.Options.Add(option);
        return Keep(new Setting<T>(name, KeyOf(name), option, parser, @default));
    }

    /// <summary>An option that is there or not.</summary>
    public Setting<bool> AddFlag(string name, string description)
    {
        var option = new Option<bool>(name) { Description = description };
        _command.Options.Add(option);
        return Keep(new Setting<bool>(name, KeyOf(name), option, Parsers.Flag, false));
    }

    /// <summary>A word without a name before it.</summary>
    public Setting<T> AddWord<T>(string name, string description, SettingParser<T> parser, T @default)
    {
        var argument = new Argument<string>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };
        _command.Arguments.Add(argument);
        return Keep(new Setting<T>(name, KeyOf(name), argument, parser, @default));
    }

    /// <summary>Reads the command line and the configuration.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configuration">The configuration, or null for none.</param>
    /// <param name="bind">
    /// Makes the program's options of the values; may refuse combinations by a <see cref="UsageException"/>.
    /// </param>
    public Parsed<T> Parse<T>(IReadOnlyList<string> args, IConfiguration? configuration, Func<SettingValues, T> bind)
        where T : class
    {
        // An argument that begins with @ is no file of further arguments, and fails for no file's sake.
        var result = _command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0)
            return Bad<T>(Unknown(args) is { } unknown ? $"There is no option '{unknown}'." : result.Errors[0].Message);
        if (result.Action is not null)
        {
            var text = new StringWriter(CultureInfo.InvariantCulture);
            result.Invoke(new InvocationConfiguration { Output = text, Error = text });
            return new Parsed<T>(null, text.ToString().TrimEnd(), 0);
        }
        var texts = new Dictionary<Setting, string>();
        foreach (var setting in _all)
        {
            string? text = setting.TextOf(result);
            string source = setting.Name;
            if (text is null && configuration?[setting.Key] is { Length: > 0 } configured)
                (text, source) = (configured, setting.Key.Replace(":", "__", StringComparison.Ordinal));
            if (text is null)
                continue;
            if (setting.Check(text) is { } expected)
            {
                // A word that looks like an option was meant to be one.
                return Bad<T>(setting.Symbol is Argument && Unknown([text]) is { } unknown
                    ? $"There is no option '{unknown}'."
                    : $"{source} is {expected}, not '{text}'.");
            }
            texts.Add(setting, text);
        }
        try
        {
            return new Parsed<T>(bind(new SettingValues(texts)), "", 0);
        }
        catch (UsageException e)
        {
            return Bad<T>(e.Message);
        }
    }

    /// <summary>The first word that looks like an option and is none; the parser itself complains of what follows it.</summary>
    string? Unknown(IEnumerable<string> args) => args.Select(arg => arg.Split('=', ':')[0]).FirstOrDefault(
        arg => arg.StartsWith("--", StringComparison.Ordinal) && arg.Length > 2
            && !_command.Options.Any(known => known.Name == arg));

    Parsed<T> Bad<T>(string message) where T : class => new(
        null, $"{_program}: {message.ReplaceLineEndings(" ")} See {_program} --help.", Parsed<T>.BadUsage);

    Setting<T> Keep<T>(Setting<T> setting)
    {
        _all.Add(setting);
        return setting;
    }

    /// <summary>`--signaling-port` is `Ball:SignalingPort`.</summary>
    static string KeyOf(string name) => Section + ":" + string.Concat(
        name.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
