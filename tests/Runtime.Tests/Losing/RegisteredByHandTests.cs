using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>Parameters that somebody registered beside the map of an annotated class: nothing could load them, and they are named like those of other modules.</summary>
public sealed class RegisteredByHandTests : IDisposable
{
    private readonly TwoHanded _model = new(new Handed(), new Handed());

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData("by_hand", "TwoHanded")]
    [InlineData("second.by_hand", "Handed")]
    public void A_load_a_refit_and_an_export_name_them(string name, string owner)
    {
        Load(1);
        var module = name == "by_hand" ? (nn.Module)_model : _model.Second;
        module.register_parameter("by_hand", new Parameter(zeros(2), requires_grad: false));

        var load = Assert.Throws<LoadException>(() => Load(2));
        Assert.Contains(name, load.Message, StringComparison.Ordinal);
        Assert.Contains($"expected {owner} to declare a property with [Parameter]", load.Message, StringComparison.Ordinal);
        Assert.Equal(1f, _model.First.Weight[0, 0].ToSingle());

        var directory = Directory.CreateTempSubdirectory().FullName;
        Assert.Contains(name, Assert.Throws<ExportException>(() => _model.Export(directory)).Message, StringComparison.Ordinal);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void What_the_setters_and_a_conversion_register_is_known()
    {
        Load(1);
        _model.to(ScalarType.Float64);
        Load(2);
        Assert.Equal(2f, _model.Second.Weight[3, 2].ToSingle());
    }

    [Theory]
    [InlineData("second", "Handed")]
    [InlineData("", "TwoHanded")]
    public void So_are_those_of_a_module_that_was_registered(string path, string owner)
    {
        Load(1);
        using var inner = new Handed();
        using var body = nn.Sequential(nn.Linear(2, 2), inner, nn.Dropout());
        ((nn.Module)(path.Length == 0 ? _model : _model.Second)).register_module("by_hand", body);

        var prefix = path.Length == 0 ? "by_hand" : $"{path}.by_hand";
        var problems = Assert.Throws<LoadException>(() => Load(2)).Problems;
        Assert.Equal([$"{prefix}.0.bias", $"{prefix}.0.weight", $"{prefix}.1.weight"], problems.Select(problem => problem.Tensor).Order());
        Assert.All(problems, problem => Assert.Equal((LoadProblemKind.Unmapped, $"{owner} to declare a property that holds the module"), (problem.Kind, problem.Expected)));
        Assert.Equal(1f, _model.First.Weight[0, 0].ToSingle());
    }

    [Fact]
    public void So_are_those_of_a_class_that_derives()
    {
        using var derived = new Derived();
        derived.InitialisedByHand();
        Assert.Equal(["proj_0.bias", "proj_0.weight"], Assert.Throws<LoadException>(() => Load(derived)).Problems.Select(problem => problem.Tensor).Order());
    }

    [Fact]
    public void Children_of_any_kind_are_known_and_modules_without_parameters_let_be()
    {
        using var model = new Opened().InitialisedByHand();
        model.register_module("dropout", nn.Dropout());
        Load(model);
        model.to(ScalarType.Float64);
        Load(model);
        Assert.Equal(1, model.More[1].Weight[3, 2].ToDouble());

        _model.Grow();
        _model.to(ScalarType.Float32);
        _model.Shrink();
        _model.Second = new Handed();
        Load(1);
    }

    /// <summary>Nothing shows a module that is in no registry and in no property of a module's type, but the tensors that come for it.</summary>
    [Fact]
    public void The_tensors_of_a_module_behind_an_interface_are_unexpected()
    {
        using var model = new Opened { Inner = new Handed() };
        model.InitialisedByHand();
        var problem = Assert.Single(Assert.Throws<LoadException>(() => Load(model, "inner.weight")).Problems);
        Assert.Equal((LoadProblemKind.Unexpected, "inner.weight"), (problem.Kind, problem.Tensor));
        model.register_module("inner", (nn.Module)model.Inner);
        Assert.Equal(LoadProblemKind.Unmapped, Assert.Single(Assert.Throws<LoadException>(() => Load(model)).Problems).Kind);
    }

    private static void Load(Opened model, params string[] others)
    {
        var type = model.Weight.dtype;
        using var refit = model.BeginRefit();
        refit.Write("weight", ones(2, type));
        foreach (var name in (string[])["more.0.weight", "more.1.weight", "layers.0.weight", .. others]) refit.Write(name, ones(4, 3, type));
        refit.Commit();
    }

    private void Load(float value)
    {
        using var tensor = full(4, 3, value, dtype: _model.First.Parameters.Weight.ModelType);
        using var refit = _model.BeginRefit();
        refit.Write("first.weight", tensor);
        refit.Write("second.weight", tensor);
        refit.Commit();
    }
}
