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
    public void What_the_page_on_a_model_of_one_s_own_shows_compiles_and_is_what_the_template_makes()
    {
        var root = Harness.Folder("RepositoryDirectory");
        var page = File.ReadAllText(Path.Combine(root, "docs/your-own-model.md"));
        var examples = Regex.Matches(page, "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToList();

        // Under the names of dotnet new lanyard-family -n Falcon, and Qwen3 in the author's place.
        var made = Directory.GetFiles(Path.Combine(root, "src/Templates/content/lanyard-family/Acme-Model"), "Falcon*.cs").Select(file => File.ReadAllText(file).Replace("Acme.Models", "Falcon", StringComparison.Ordinal)).ToList();
        var qwen3 = File.ReadAllText(Path.Combine(root, "tests/Models.Tests/Qwen3/Qwen3ForCausalLM.cs"))
            .Replace("using Acme.Models;\n", "using Lanyard;\n", StringComparison.Ordinal)
            .Replace("namespace Lanyard.Models.Tests.Qwen3;", "namespace Falcon;", StringComparison.Ordinal);
        Assert.Equal(4, made.Count);
        var own = Assert.Single(examples.Except(made.Append(qwen3)));
        Assert.Equal([], made.Append(qwen3).Except(examples));
        Assert.InRange(qwen3[qwen3.IndexOf('[', StringComparison.Ordinal)..].Split('\n').Count(line => line.Length > 0), 1, 19);
        Harness.Generate([.. made, qwen3]);
        Harness.Generate(own);
    }

    [Theory]
    [InlineData("pretrained.md", 3)]
    [InlineData("ranks.md", 3)]
    [InlineData("transfer.md", 1)]
    [InlineData("transport.md", 1)]
    [InlineData("seams.md", 3)]
    [InlineData("lora.md", 2)]
    [InlineData("memory.md", 1)]
    [InlineData("faults.md", 1)]
    [InlineData("conformance.md", 1)]
    public void What_pages_for_engines_show_compiles(string name, int count)
    {
        var page = File.ReadAllText(Path.Combine(Harness.Folder("RepositoryDirectory"), "docs", name));
        var examples = Regex.Matches(page, "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(count, examples.Count);
        foreach (var example in examples) Harness.Generate(example.Contains(" class ", StringComparison.Ordinal) ? example : Engine(example));
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
