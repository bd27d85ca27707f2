using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>A model that is made or loaded in inference mode, as engines do, is refitted outside of it, and from threads that are not in it.</summary>
public sealed class InferenceModeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TensorFiles _files = new();

    public void Dispose()
    {
        _files.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(RefitMode.Staged, ScalarType.Float32, LoadMode.Copy)]
    [InlineData(RefitMode.InPlace, ScalarType.Float32, LoadMode.Copy)]
    [InlineData(RefitMode.Staged, ScalarType.Float16, LoadMode.Copy)]
    [InlineData(RefitMode.InPlace, ScalarType.Float16, LoadMode.Copy)]
    [InlineData(RefitMode.InPlace, ScalarType.Float32, LoadMode.Map)]
    public void A_model_made_and_loaded_in_inference_mode_is_refitted_outside(RefitMode mode, ScalarType type, LoadMode loading)
    {
        var (first, second) = (Stored(0, type), Stored(10, type));
        using var model = InferenceMode(() =>
        {
            var made = new Turned();
            _files.Load(made, first, new LoadOptions { Mode = loading });
            return made;
        });

        using (var refit = model.BeginRefit(mode))
        {
            foreach (var (name, value) in second) refit.Write(name, value);
            refit.Commit();
        }

        Assert.True(model.Weight.Equals(Turned.Weights(10)["weight"].t()));
        Assert.True(model.Bias.Equals(Turned.Weights(10)["bias"]));
    }

    [Theory]
    [InlineData(ScalarType.Float32, LoadMode.Map)]
    [InlineData(ScalarType.Float16, LoadMode.Copy)]
    public void A_model_made_in_inference_mode_is_loaded_outside(ScalarType type, LoadMode loading)
    {
        using var model = InferenceMode(() => new Turned());
        _files.Load(model, Stored(0, type), new LoadOptions { Mode = loading });
        Assert.True(model.Weight.Equals(Turned.Weights(0)["weight"].t()));
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_model_converted_in_inference_mode_is_refitted_outside(RefitMode mode)
    {
        using var model = new Turned();
        _files.Load(model, Stored(0, ScalarType.Float32));
        using (inference_mode()) model.to(ScalarType.Float64);

        using (var refit = model.BeginRefit(mode))
        {
            foreach (var (name, value) in Stored(10, ScalarType.Float32)) refit.Write(name, value);
            refit.Commit();
        }

        Assert.True(model.Weight.Equals(Turned.Weights(10)["weight"].t().to_type(ScalarType.Float64)));
    }

    [Fact]
    public void Padding_that_a_constructor_brought_in_inference_mode_is_zero_after_a_load_outside()
    {
        PaddedRows model;
        using (inference_mode()) model = new PaddedRows(new TorchSharp.Modules.Parameter(ones(4, 8), requires_grad: false));
        using (model)
        {
            _files.Load(model, new Dictionary<string, Tensor> { ["weight"] = ones(3, 5) });
            Assert.Equal(15, model.Weight.sum().ToSingle());
        }
    }

    private static Turned InferenceMode(Func<Turned> make)
    {
        using var mode = inference_mode();
        return make();
    }

    private static Dictionary<string, Tensor> Stored(float first, ScalarType type) => Turned.Weights(first).ToDictionary(item => item.Key, item => item.Value.to_type(type));
}
