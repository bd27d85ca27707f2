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
    public void An_edit_of_a_body_that_does_not_matter_leaves_the_model_equal(string step)
    {
        var result = Edit([Sources.Experts], "functional.linear(input, W13Weight[0])", "functional.linear(input, W13Weight[1])");
        Assert.All(Reasons(result, step), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step} was {reason}"));
        AssertOutput(result, IncrementalStepRunReason.Cached);
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

    [Fact]
    public void Another_annotated_class_leaves_the_others_alone()
    {
        var result = Edit([Sources.Experts, Elsewhere], Elsewhere, Sources.Encoded);
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.New], Output(result).OrderBy(reason => reason != IncrementalStepRunReason.Cached));
    }

    [Fact]
    public void Nothing_in_the_pipeline_holds_on_to_the_compilation()
    {
        var result = Harness.Driver().RunGenerators(Harness.Compile(Sources.Tree, Sources.PostLoads)).GetRunResult().Results.Single();
        var visited = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var step in Steps)
        {
            foreach (var output in result.TrackedSteps[step].SelectMany(run => run.Outputs)) Visit(output.Value, visited);
        }
        Assert.True(visited.Count > 20);
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
