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

        Harness.Generate(Engine(examples[1]));
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
    public void What_the_page_on_checkpoints_of_others_shows_compiles()
    {
        var page = File.ReadAllText(Path.Combine(Harness.Folder("RepositoryDirectory"), "docs/pretrained.md"));
        var examples = Regex.Matches(page, "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(3, examples.Count);
        foreach (var example in examples) Harness.Generate(example.Contains("[ParameterModule]", StringComparison.Ordinal) ? example : Engine(example));
    }

    [Fact]
    public void What_the_page_for_authors_shows_of_tied_weights_compiles()
    {
        var page = File.ReadAllText(Path.Combine(Harness.Folder("RepositoryDirectory"), "docs/authoring.md"));
        var example = Regex.Match(page, "\n## Tied weights\n.*?```csharp\n(.*?)```", RegexOptions.Singleline);
        Assert.True(example.Success);
        Harness.Generate(example.Groups[1].Value);
    }

    /// <summary>Statements of an engine, in a method of their own.</summary>
    private static string Engine(string example)
    {
        var usings = string.Concat(Regex.Matches(example, "^using [^(=]*;\n", RegexOptions.Multiline).Where(match => !match.Value.Contains("var ", StringComparison.Ordinal)).Select(match => match.Value));
        return $"{usings}static class Engine {{ static void Run() {{ {Regex.Replace(example, "^using (?!var)[^(=]*;\n", "", RegexOptions.Multiline)} }} }}";
    }
}
