using System.Text.RegularExpressions;

namespace Lanyard.Generator.Tests;

/// <summary>What the README and the page for authors show compiles.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void Every_example_compiles_without_a_warning()
    {
        var readme = File.ReadAllText(Path.Combine(Harness.Folder("RepositoryDirectory"), "README.md"));
        var examples = Regex.Matches(readme, "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(2, examples.Count);
        Harness.Generate(examples[0]);

        // Statements of an engine, which stand in a method of their own here.
        var (usings, statements) = (string.Concat(Regex.Matches(examples[1], "^using [^(=]*;\n", RegexOptions.Multiline).Where(match => !match.Value.Contains("var ", StringComparison.Ordinal)).Select(match => match.Value)), Regex.Replace(examples[1], "^using (?!var)[^(=]*;\n", "", RegexOptions.Multiline));
        Harness.Generate($"{usings}static class Engine {{ static void Run() {{ {statements} }} }}");
    }

    [Fact]
    public void What_the_page_for_authors_shows_of_axes_and_formats_compiles()
    {
        var page = File.ReadAllText(Path.Combine(Harness.Folder("RepositoryDirectory"), "docs/authoring.md"));
        foreach (var (heading, axes) in new[] { ("Axes", ""), ("Formats", "[Axis] public int Qkv { get; } [Axis] public int Z { get; } [Axis] public int Heads { get; } [Axis] public int Hidden { get; }") })
        {
            var section = Regex.Match(page, $"\n## {heading}\n(.*?)\n## ", RegexOptions.Singleline).Groups[1].Value;
            var examples = Regex.Matches(section, "```csharp\n(.*?)```", RegexOptions.Singleline);
            Assert.NotEmpty(examples);
            foreach (Match example in examples)
                Harness.Generate($"using Lanyard.Published;\n[ParameterModule]\npublic sealed partial class Example : Module\n{{\n    public Example() : base(\"\") {{ CreateParameters(); RegisterComponents(); }}\n    {axes}\n{example.Groups[1].Value}}}\n");
        }
    }

    [Fact]
    public void What_the_page_on_a_model_of_one_s_own_shows_compiles()
    {
        var page = File.ReadAllText(Path.Combine(Harness.Folder("RepositoryDirectory"), "docs/your-own-model.md"));
        var examples = Regex.Matches(page, "```csharp\n(.*?)```", RegexOptions.Singleline);
        Assert.Equal(2, examples.Count);
        foreach (Match example in examples) Harness.Generate(example.Groups[1].Value);
    }

    [Fact]
    public void What_the_page_for_authors_shows_of_tied_weights_compiles()
    {
        var page = File.ReadAllText(Path.Combine(Harness.Folder("RepositoryDirectory"), "docs/authoring.md"));
        var example = Regex.Match(page, "\n## Tied weights\n.*?```csharp\n(.*?)```", RegexOptions.Singleline);
        Assert.True(example.Success);
        Harness.Generate(example.Groups[1].Value);
    }
}
