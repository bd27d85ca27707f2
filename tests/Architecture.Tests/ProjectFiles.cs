using System.Xml.Linq;

namespace Lanyard.Architecture.Tests;

/// <summary>Finds what a project compiles: its own files, and those that it links from elsewhere.</summary>
internal static class ProjectFiles
{
    /// <summary>The files of a project.</summary>
    /// <param name="root">The root of the repository.</param>
    /// <param name="project">The folder of the project, from there.</param>
    public static IReadOnlyList<SourceFile> Of(string root, string project)
    {
        var folder = Path.Combine(root, project);
        var plan = XDocument.Load(Directory.GetFiles(folder, "*.csproj").Single());

        // A template's files are compiled where a project is made of them.
        var own = (plan.Descendants("EnableDefaultItems").Any(item => item.Value == "false") ? [] : Files(folder)).Select(path => Read(root, path, Path.GetDirectoryName(Path.GetRelativePath(folder, path))!, isLinked: false));
        var linked =
            from include in plan.Descendants("Compile")
            let link = (string?)include.Attribute("LinkBase")
            where link is not null
            let path = Path.GetFullPath(Path.Combine(folder, ((string)include.Attribute("Include")!).Replace("/**/*.cs", "", StringComparison.Ordinal)))
            let excluded = ((string?)include.Attribute("Exclude") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(one => Path.GetFullPath(Path.Combine(folder, one))).ToHashSet()
            from file in Directory.Exists(path) ? Files(path) : [path]
            where !excluded.Contains(file)
            select Read(root, file, Path.Combine(link, Directory.Exists(path) ? Path.GetDirectoryName(Path.GetRelativePath(path, file))! : ""), isLinked: true);
        return [.. own.Concat(linked).OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);

    private static SourceFile Read(string root, string path, string folder, bool isLinked) =>
        new(Slashes(Path.GetRelativePath(root, path)), folder.Length == 0 ? "." : Slashes(folder), File.ReadAllText(path), isLinked);

    private static string Slashes(string path) => path.Replace('\\', '/');
}
