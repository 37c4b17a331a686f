namespace Aspire.Hosting.ApplicationModel;

/// <summary>The rule for names of resources and endpoints: they end up in host names, variables and file names.</summary>
internal static class ModelName
{
    private const int MaxLength = 64;

    public static void Validate(string kind, string name)
    {
        if (Problem(name) is { } problem)
            throw new ArgumentException($"{kind} name '{name}' is invalid. {problem}", nameof(name));
    }

    private static string? Problem(string name)
    {
        if (name.Length is < 1 or > MaxLength) return $"Name must be between 1 and {MaxLength} characters long.";
        if (!char.IsAsciiLetter(name[0])) return "Name must start with an ASCII letter.";
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
            return "Name must contain only ASCII letters, digits, and hyphens.";
        if (name.Contains("--", StringComparison.Ordinal)) return "Name cannot contain consecutive hyphens.";
        return name[^1] == '-' ? "Name cannot end with a hyphen." : null;
    }
}
