using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>The page of a rule: what it says, and its examples.</summary>
internal sealed partial class RulePage
{
    private readonly string _text;

    private RulePage(string path)
    {
        Name = Path.GetFileNameWithoutExtension(path);
        _text = System.IO.File.ReadAllText(path).ReplaceLineEndings("\n");
    }

    public static string Directory { get; } = Path.Combine(
        typeof(RulePage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "FixturesDirectory").Value!,
        "../../docs/diagnostics");

    public static IReadOnlyDictionary<string, RulePage> All { get; } = System.IO.Directory.GetFiles(Directory, "LANY*.md")
        .Select(path => new RulePage(path))
        .ToDictionary(page => page.Name);

    public string Name { get; }

    /// <summary>The first line, without its mark.</summary>
    public string Title => _text.Split('\n')[0].TrimStart('#', ' ');

    /// <summary>The headings, in order.</summary>
    public IEnumerable<string> Sections => Heading().Matches(_text).Select(match => match.Groups[1].Value);

    /// <summary>The file that the rule is written in, from the root of the repository.</summary>
    public string File => Code().Match(_text).Groups[1].Value;

    /// <summary>How an example is read. A page about a project's settings states them in the first line of its examples.</summary>
    public static CSharpParseOptions Options(string example) =>
        example.StartsWith("// <LangVersion>", StringComparison.Ordinal) && LanguageVersionFacts.TryParse(example.Split('<', '>')[2], out var version)
            ? AuthorProject.ParseOptions.WithLanguageVersion(version)
            : AuthorProject.ParseOptions;

    /// <summary>The code in a section, example by example.</summary>
    public IReadOnlyList<RuleExample> Examples(string section)
    {
        var start = _text.IndexOf($"\n## {section}\n", StringComparison.Ordinal);
        if (start < 0) return [];
        var end = _text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        var (examples, list) = (new List<RuleExample>(), (string?)null);
        foreach (Match fence in Fence().Matches(end < 0 ? _text[start..] : _text[start..end]))
        {
            if (fence.Groups[1].Value == "json")
            {
                list = fence.Groups[2].Value;
                continue;
            }
            examples.Add(new RuleExample(fence.Groups[2].Value, list));
            list = null;
        }
        return examples;
    }

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^## Code\n\n`(.+)`$", RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex("^```(csharp|json)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
