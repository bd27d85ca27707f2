using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Tests;

/// <summary>docs/losing-a-loader.md: what the language refuses by itself, and that the tests named there exist.</summary>
public sealed partial class LosingALoaderTests
{
    private static readonly string Root = Harness.Folder("RepositoryDirectory");

    [Theory]
    [InlineData("CS0272", "", "class E { void M(Own own) => own.Weight = null!; }")]
    [InlineData("CS0206", "void M() => Take(ref Weight); void Take(ref Parameter p) { }", "")]
    [InlineData("CS0206", "void M() => Take(out Weight); void Take(out Parameter p) => p = null!;", "")]
    [InlineData("CS8156", "void M() => System.Runtime.CompilerServices.Unsafe.AsRef(in Weight) = null!;", "")]
    [InlineData("CS0211", "unsafe void M() { var p = &Weight; }", "")]
    [InlineData("CS8156", "ref Parameter M() => ref Weight;", "")]
    [InlineData("CS0103", "void M() => field = null!;", "")]
    [InlineData("CS0103", "void M() => _weight = null!;", "")]
    [InlineData("CS9250", "public partial Parameter Weight { get; private set; }", "")]
    [InlineData("CS9251", "public partial Parameter Weight { get => null!; private set { } }", "")]
    [InlineData("CS8864", "", "record R() : Module(\"r\");")]
    [InlineData("CS0509", "", "class E : Own { }")]
    [InlineData("CS9248", "", "class E() : Module(\"e\") { [Parameter(\"\")] public partial Parameter Weight { get; set; } }")]
    public void The_language_refuses(string error, string member, string after)
    {
        var (_, diagnostics) = Harness.Run($$"""
            [ParameterModule]
            public sealed partial class Own : Module
            {
                public Own() : base("own") => CreateParameters();

                [Axis] public int Size => 4;

                [Parameter("size")]
                [FromCheckpoint("weight", "size")]
                public partial Parameter Weight { get; private set; }

                {{member}}
            }
            {{after}}
            """);
        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == error && diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void The_tests_that_the_page_names_exist_and_so_do_the_rules()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs/losing-a-loader.md"));
        var tests = Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        var names = TestName().Matches(page);
        Assert.True(names.Count > 40, $"{names.Count} tests are named");
        Assert.All(names, name => Assert.Contains(tests, file =>
            Regex.IsMatch(file, $@"\bclass {name.Groups[1].Value}\b") && Regex.IsMatch(file, $@"\b(void|Task) {name.Groups[2].Value}\(")));
        Assert.All(RuleName().Matches(page), match => Assert.True(File.Exists(Path.Combine(Root, $"docs/diagnostics/{match.Value}.md")), match.Value));
        Assert.All(Rows(page), row => Assert.Equal(3, row.Count));
        Assert.All(Rows(page), row => Assert.False(string.IsNullOrWhiteSpace(row[2]), row[0]));
    }

    private static IEnumerable<List<string>> Rows(string page) => page.Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Select(line => Cell().Split(line.Trim().Trim('|')).Select(cell => cell.Trim()).ToList());

    [GeneratedRegex(@"`([A-Z]\w*Tests)\.(\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"LANY\d{4}(?!\.md)")]
    private static partial Regex RuleName();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Cell();
}
