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

    private void Load(float value)
    {
        using var tensor = full(4, 3, value, dtype: _model.First.Weight.dtype);
        using var refit = _model.BeginRefit();
        refit.Write("first.weight", tensor);
        refit.Write("second.weight", tensor);
        refit.Commit();
    }
}
