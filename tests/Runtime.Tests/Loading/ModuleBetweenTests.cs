using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Between;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Classes without a map between annotated ones, where no rule has looked.</summary>
public sealed class ModuleBetweenTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_class_whose_children_have_no_names_is_named_itself_and_nothing_else_is()
    {
        using var model = new Decoder(layers: 3);
        var tensors = Enumerable.Range(0, 3).ToDictionary(i => $"layers.{i}.mlp.up_proj.weight", _ => ones(2, 3));
        using var checkpoint = _files.Stored(tensors);
        var refused = Assert.Throws<LoadException>(() => LoadPlan.Create(model, checkpoint));
        Assert.Equal(Enumerable.Range(0, 3).Select(i => (LoadProblemKind.Unmapped, $"layers.{i}")), refused.Problems.Select(problem => (problem.Kind, problem.Tensor)));
        Assert.Contains("without a map: layers.{0..2}: expected DecoderLayer to be a class with [ParameterModule]", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("BackingField", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_elsewhere_is_said_besides()
    {
        using var model = new Decoder(layers: 1, new Mlp());
        var problems = _files.Refused(model, new Dictionary<string, Tensor> { ["layers.0.mlp.up_proj.weight"] = ones(2, 3), ["layers.1.mlp.up_proj.weight"] = ones(2, 3) });
        Assert.Equal(
            [(LoadProblemKind.Missing, "head.up_proj.weight"), (LoadProblemKind.Unexpected, "layers.1.mlp.up_proj.weight"), (LoadProblemKind.Unmapped, "layers.0")],
            problems.Select(problem => (problem.Kind, problem.Tensor)).Order());
    }

    [Fact]
    public void So_it_is_by_a_refit_and_an_export()
    {
        using var model = new Decoder(layers: 1);
        Assert.Contains("layers.0: expected DecoderLayer", Assert.Throws<LoadException>(() => _files.Load(model, [])).Message, StringComparison.Ordinal);
        using var refit = model.BeginRefit();
        refit.Write("layers.0.mlp.up_proj.weight", ones(2, 3));
        Assert.Contains("layers.0: expected DecoderLayer", Assert.Throws<LoadException>(() => refit.Commit()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_shown_by_its_properties_with_what_is_wrong()
    {
        using var model = new Decoder(layers: 1);
        var text = model.Describe();
        Assert.Contains("nothing loads what is below: DecoderLayer has no [ParameterModule]", text, StringComparison.Ordinal);
        Assert.Contains("(Mlp): Mlp(", text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_whose_fields_have_the_names_of_the_checkpoint_is_passed_through()
    {
        using var model = new Decoder(layers: 0, new NamedLayer());
        _files.Load(model, new Dictionary<string, Tensor> { ["head.mlp.up_proj.weight"] = ones(2, 3) });
    }

    [Fact]
    public void A_layer_of_TorchSharp_s_is_refused_with_what_to_write_instead()
    {
        using var model = new Decoder(layers: 0, nn.Linear(3, 2, hasBias: false));
        var problem = Assert.Single(_files.Refused(model, []));
        Assert.Equal((LoadProblemKind.Unmapped, "head.weight"), (problem.Kind, problem.Tensor));
        Assert.Equal("a [Parameter] of the class that holds it: Linear is TorchSharp's, and has no map; declare one, or take a layer of Lanyard.Models.Layers", problem.Expected);
    }
}
