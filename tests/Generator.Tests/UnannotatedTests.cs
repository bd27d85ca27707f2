using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Tests;

/// <summary>A model whose class forgot the attribute: the compiler says so, and not that it is no interface.</summary>
public sealed class UnannotatedTests
{
    [Theory]
    [InlineData("LoadPlan.Create(model, checkpoint).Execute();")]
    [InlineData("using var refit = model.BeginRefit(); refit.Commit();")]
    [InlineData("model.Export(\"out\");")]
    [InlineData("model.OnRank(new Lanyard.Topology(0, 2));")]
    [InlineData("Module any = model; any.OnRank();")]
    public void The_attribute_is_named(string code)
    {
        var error = Assert.Single(Errors("Plain", code));
        Assert.Equal("CS0619", error.Id);
        Assert.Contains("The class of this model has no [ParameterModule]: add the attribute, and \"partial\".", error.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LoadPlan.Create(model, checkpoint).Execute();")]
    [InlineData("using var refit = model.BeginRefit(RefitMode.InPlace); refit.Commit();")]
    [InlineData("model.Export(\"out\");")]
    [InlineData("Model same = model.OnRank(type: ScalarType.BFloat16);")]
    [InlineData("LoadPlan.Create((IParameterModule)(Module)model, checkpoint).Execute();")]
    public void An_annotated_one_is_taken(string code) => Assert.Empty(Errors("Model", code));

    private static IEnumerable<Diagnostic> Errors(string type, string code)
    {
        var source = $$"""
            using Lanyard.Checkpoints;
            [ParameterModule] public partial class Model() : Module("model");
            public class Plain() : Module("plain") { public Model Inner { get; } = new(); }
            static class Engine { public static void Run({{type}} model, Checkpoint checkpoint) { {{code}} } }
            """;
        Harness.Driver().RunGeneratorsAndUpdateCompilation(Harness.Compile(source), out var compilation, out _);
        return compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }
}
