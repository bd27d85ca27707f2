using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Tests;

/// <summary>An edit re-runs only the steps that it concerns.</summary>
public sealed class IncrementalTests
{
    private const string Elsewhere = "class Elsewhere { int Number => 1; }";

    public static TheoryData<string> Steps =>
    [
        TrackingNames.Candidates, TrackingNames.Modules, TrackingNames.Collisions, TrackingNames.Files,
    ];

    /// <summary>The steps of what is declined: of a class with the attribute, and of one without.</summary>
    public static TheoryData<string, string> DeclinedSteps => new()
    {
        { TrackingNames.Candidates, "[ParameterModule] partial class A() : Module(\"a\") { [Parameter(\"\")] public static partial Parameter W { get; set; } public int M => 2; }" },
        { TrackingNames.Declined, "[ParameterModule] partial class A() : Module(\"a\") { [Parameter(\"\")] public static partial Parameter W { get; set; } public int M => 2; }" },
        { TrackingNames.Forgotten, "partial class A() : Module(\"a\") { [Parameter(\"\")] public partial Parameter W { get; set; } public int M => 2; }" },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void An_edit_elsewhere_leaves_every_step_as_it_was(string step)
    {
        var result = Edit([Sources.Experts, Elsewhere], Elsewhere, Elsewhere.Replace("1", "2", StringComparison.Ordinal));
        Assert.NotEmpty(Reasons(result, step));
        Assert.All(Reasons(result, step), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step} was {reason}"));
        AssertOutput(result, IncrementalStepRunReason.Cached);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void An_edit_elsewhere_leaves_classes_with_encodings_as_they_were(string step)
    {
        var result = Edit([Sources.Quantised, Elsewhere], Elsewhere, Elsewhere.Replace("1", "2", StringComparison.Ordinal));
        Assert.All(Reasons(result, step), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step} was {reason}"));
        AssertOutput(result, IncrementalStepRunReason.Cached);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void An_edit_of_a_body_that_does_not_matter_leaves_the_model_equal(string step)
    {
        var result = Edit([Sources.Experts], "functional.linear(input, W13Weight[0])", "functional.linear(input, W13Weight[1])");
        Assert.All(Reasons(result, step), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step} was {reason}"));
        AssertOutput(result, IncrementalStepRunReason.Cached);
    }

    [Theory]
    [MemberData(nameof(DeclinedSteps))]
    public void What_is_declined_is_read_again_only_where_it_changed(string step, string source)
    {
        foreach (var (before, after) in new[] { (Elsewhere, Elsewhere.Replace("1", "2", StringComparison.Ordinal)), ("M => 2", "M => 3") })
        {
            var result = Edit([source, Elsewhere], before, after);
            Assert.All(Reasons(result, step), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step} was {reason}"));
            AssertOutput(result, IncrementalStepRunReason.Cached);
        }
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(Edit([source, Elsewhere], "W {", "V {"), step));
        Assert.Contains(IncrementalStepRunReason.Modified, Output(Edit([source, Elsewhere], "W {", "V {")));
    }

    [Theory]
    [InlineData("count hidden intermediate\")]", "count hidden pad(intermediate, 8)\")]")]
    [InlineData("functional.pad(W2Weight,", "functional.pad(W13Weight,")]
    [InlineData("[Axis(Shard.Tensor)]", "[Axis]")]
    public void An_edit_that_matters_is_written_again(string before, string after)
    {
        var result = Edit([Sources.Experts, Sources.PostLoads], before, after);
        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Unchanged], Reasons(result, TrackingNames.Modules).Select(reason => reason == IncrementalStepRunReason.Cached ? IncrementalStepRunReason.Unchanged : reason).Order());
        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], Output(result).Order());
    }

    [Theory]
    [InlineData(TrackingNames.Candidates)]
    [InlineData(TrackingNames.Modules)]
    [InlineData(TrackingNames.Files)]
    public void Each_step_but_for_the_file_names_notices_an_edit_that_matters(string step)
    {
        var result = Edit([Sources.Experts], "\"down_proj\"", "\"down\"");
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(result, step));
        Assert.All(Reasons(result, TrackingNames.Collisions), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{reason}"));
    }

    [Theory]
    [InlineData("Helper() => _ = A;", "Helper() => _ = B;")]
    [InlineData("Name = \"n\"", "Name = \"1 n\"")]
    [InlineData("Linear? Child", "Tensor? Child")]
    [InlineData("public int M", "[Axis] public int M")]
    [InlineData("\"code\"", "\"code * 2\"")]
    [InlineData("CodeType.Int", "CodeType.UInt")]
    [InlineData("\"1 *\"", "\"1 2\"")]
    [InlineData("[Unread(\"shape\")]", "")]
    [InlineData("Order = [1, 0]", "Order = [0, 1]")]
    public void An_edit_of_another_file_that_the_class_depends_on_is_written_again(string before, string after)
    {
        const string first = """
            [ParameterModule]
            sealed partial class C : Module<Tensor, Tensor>
            {
                public C() : base("C") => CreateParameters();
                [Axis] public int N => 2;
                [Parameter(Names.Name)] public partial Parameter A { get; private set; }
                [Parameter("n")][FromCheckpoint("b", "n", Encoding = typeof(Own))] public partial Parameter B { get; private set; }
                [PostLoad] private void Run() => Helper();
                public override Tensor forward(Tensor input) => input;
            }
            """;
        const string second = """
            static class Names { public const string Name = "n"; }
            [Codes("b", CodeType.Int, Bits = 4, Word = 8, Order = [1, 0]), Value("code")]
            [Companion("scale", "s", "1 *")]
            [Unread("shape")]
            static class Own;
            sealed partial class C
            {
                private void Helper() => _ = A;
                public Linear? Child { get; }
                public int M => 2;
            }
            """;
        Assert.Equal([IncrementalStepRunReason.Modified], Output(Edit([first, second], before, after)));
    }

    [Fact]
    public void A_class_that_goes_takes_its_file_alone()
    {
        var result = Edit([Sources.Experts, Sources.Encoded], Sources.Encoded, Elsewhere);
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Removed], Output(result).OrderBy(reason => reason != IncrementalStepRunReason.Cached));
    }

    [Fact]
    public void An_attribute_that_goes_takes_the_file_of_its_class_alone_and_leaves_what_is_declined()
    {
        var result = Edit([Sources.Experts, Sources.Encoded], "[ParameterModule]\npublic sealed partial class @class", "public sealed partial class @class");
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.New, IncrementalStepRunReason.Removed], Output(result).OrderBy(reason => $"{reason}"));
    }

    [Fact]
    public void A_name_that_begins_to_differ_in_case_alone_renames_that_file_and_no_other()
    {
        var result = Edit([Sources.Experts, Sources.Encoded, Elsewhere], Elsewhere, Sources.Encoded.Replace("@class", "Class", StringComparison.Ordinal));
        Assert.Equal(
            [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified, IncrementalStepRunReason.New],
            Output(result).OrderBy(reason => Array.IndexOf([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified, IncrementalStepRunReason.New], reason)));
        Assert.Equal(3, result.GeneratedSources.Select(source => source.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Another_annotated_class_leaves_the_others_alone()
    {
        var result = Edit([Sources.Experts, Elsewhere], Elsewhere, Sources.Encoded);
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.New], Output(result).OrderBy(reason => reason != IncrementalStepRunReason.Cached));
    }

    [Fact]
    public void Nothing_in_the_pipeline_holds_on_to_the_compilation()
    {
        var result = Harness.Driver().RunGenerators(Harness.Compile(Sources.Tree, Sources.PostLoads, Sources.Quantised)).GetRunResult().Results.Single();
        var visited = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var step in Steps)
        {
            foreach (var output in result.TrackedSteps[step].SelectMany(run => run.Outputs)) Visit(output.Value, visited);
        }
        Assert.True(visited.Count > 20);
        foreach (object[] row in DeclinedSteps)
        {
            var declined = Harness.Driver().RunGenerators(Harness.Compile((string)row[1])).GetRunResult().Results.Single();
            Visit(Assert.Single(declined.TrackedSteps[(string)row[0]].SelectMany(run => run.Outputs)).Value, visited);
        }
    }

    private static void Visit(object? value, HashSet<object> visited)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !visited.Add(value)) return;
        Assert.False(value is ISymbol or SyntaxNode or SyntaxTree or Location or Compilation or SemanticModel or AttributeData or Diagnostic, $"the pipeline holds a {value.GetType()}");
        if (value is IEnumerable items)
        {
            foreach (var item in items) Visit(item, visited);
        }
        for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)) Visit(field.GetValue(value), visited);
        }
    }

    private static GeneratorRunResult Edit(string[] sources, string before, string after)
    {
        var compilation = Harness.Compile(sources);
        var driver = Harness.Driver().RunGenerators(compilation);
        var tree = compilation.SyntaxTrees.Single(tree => tree.ToString().Contains(before, StringComparison.Ordinal));
        var edited = Harness.Parse(tree.ToString().Replace(before, after, StringComparison.Ordinal), tree.FilePath);
        return driver.RunGenerators(compilation.ReplaceSyntaxTree(tree, edited)).GetRunResult().Results.Single();
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason);

    private static IEnumerable<IncrementalStepRunReason> Output(GeneratorRunResult result) =>
        result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(run => run.Outputs).Select(output => output.Reason);

    private static void AssertOutput(GeneratorRunResult result, IncrementalStepRunReason expected)
    {
        Assert.NotEmpty(Output(result));
        Assert.All(Output(result), reason => Assert.Equal(expected, reason));
    }
}
