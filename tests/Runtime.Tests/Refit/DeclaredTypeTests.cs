using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>A parameter whose type is declared keeps it, whatever the model is converted to.</summary>
public sealed class DeclaredTypeTests : IDisposable
{
    private readonly TensorFiles _files = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _files.Dispose();
    }

    private static Dictionary<string, Tensor> Weights(ScalarType type) => new()
    {
        ["weight"] = (arange(24, dtype: ScalarType.Float32).reshape(6, 4) * 0.5f).to_type(type),
        ["e_score_correction_bias"] = tensor([0.30000001f, 1.0009766f, -3.1415927f, 1e-20f, 65504.5f, 0.1f]),
    };

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Converting_leaves_it_alone_and_a_refit_gives_the_same_bits(ScalarType type)
    {
        using var model = new Router(ScalarType.Float32);
        _files.Load(model, Weights(ScalarType.Float32));
        var (bias, doubled) = (model.Bias, model.Doubled);
        if (type == ScalarType.Float16) model.half(); else model.to(type);

        Assert.Equal((type, ScalarType.Float32, ScalarType.Float32), (model.Weight.dtype, model.Bias.dtype, model.Doubled.dtype));
        Assert.Same(bias, model.Bias);
        Assert.Same(doubled, model.Doubled);
        Assert.Equal(ScalarType.Float32, model.Parameters.Bias.ModelType);
        Assert.True(model.Bias.Equals(Weights(type)["e_score_correction_bias"]));
        Assert.Same(model.Bias, model.get_parameter("bias"));

        // As TorchSharp does.
        Assert.Equal(type, model.get_buffer("seen")!.dtype);

        foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
        {
            using (var refit = model.BeginRefit(mode))
            {
                refit.Write(Weights(type));
                refit.Commit();
            }
            Assert.True(model.Bias.Equals(Weights(type)["e_score_correction_bias"]));
            Assert.True(model.Doubled.Equals(Weights(type)["e_score_correction_bias"].Times(2)));
            Assert.Equal(ScalarType.Float32, model.Bias.dtype);
        }

        // Of the declared type, whatever the others are.
        var narrow = Weights(type);
        narrow["e_score_correction_bias"] = narrow["e_score_correction_bias"].to_type(ScalarType.Float64);
        using (var refit = model.BeginRefit())
        {
            refit.Write(narrow);
            var problem = Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems);
            Assert.Equal((LoadProblemKind.WrongType, "F32"), (problem.Kind, problem.Expected));
        }
    }

    [Fact]
    public void It_moves_to_another_device_all_the_same()
    {
        using var model = new Router(ScalarType.BFloat16);
        model.to(META, ScalarType.Float16);
        Assert.Equal((ScalarType.Float16, DeviceType.META), (model.Weight.dtype, model.Weight.device_type));
        Assert.Equal((ScalarType.Float32, DeviceType.META), (model.Bias.dtype, model.Bias.device_type));
    }

    [Fact]
    public void A_module_around_it_leaves_it_alone_too()
    {
        using var model = new Router(ScalarType.Float32).InitialisedByHand();
        using var around = nn.Sequential(("router", new Around(model)));
        around.to(ScalarType.BFloat16);
        Assert.Equal((ScalarType.BFloat16, ScalarType.Float32), (model.Weight.dtype, model.Bias.dtype));
    }

    [Fact]
    public void A_constructor_cannot_give_it_another_one()
    {
        using var model = new Router(ScalarType.BFloat16);
        using var value = new TorchSharp.Modules.Parameter(zeros(6, ScalarType.BFloat16));
        var error = Assert.Throws<ArgumentException>(() => model.Parameters.Accept(model.Parameters.Bias.Entry.Index, value));
        Assert.Contains("is declared with Type = ScalarType.Float32, but was given BFloat16", error.Message, StringComparison.Ordinal);
    }

    private sealed class Around : nn.Module<Tensor, Tensor>
    {
        public Around(Router router)
            : base(nameof(Around)) => register_module("inner", router);

        public override Tensor forward(Tensor input) => input.alias();
    }
}
