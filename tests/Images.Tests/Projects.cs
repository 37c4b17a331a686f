using System.Xml.Linq;

namespace Images.Tests;

/// <summary>What a program is built from.</summary>
internal static class Projects
{
    /// <summary>Its project and all that this refers to, stand-ins among them; from the root of the repository.</summary>
    public static IReadOnlySet<string> Of(string program)
    {
        var found = new HashSet<string>();
        Add(Path.Combine(Checkout.Root, program, $"{program}.csproj"));
        return found.Select(project => Path.GetRelativePath(Checkout.Root, project)).ToHashSet();

        void Add(string project)
        {
            if (!found.Add(project))
                return;
            var xml = XDocument.Load(project);
            foreach (var reference in Names(xml, "ProjectReference"))
                Add(Path.GetFullPath(reference, Path.GetDirectoryName(project)!));
            foreach (var package in Names(xml, "PackageReference"))
            {
                var standIn = Path.Combine(Checkout.Root, "standins", package, $"{package}.csproj");
                if (File.Exists(standIn))
                    Add(standIn);
            }
        }
    }

    private static IEnumerable<string> Names(XDocument project, string kind) =>
        project.Descendants(kind).Select(item => (string?)item.Attribute("Include")).OfType<string>();
}
