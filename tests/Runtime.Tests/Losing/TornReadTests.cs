using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>A model that is neither old nor new is read by no door: not by entries, not by registered names, not through a parent of TorchSharp's.</summary>
public sealed class TornReadTests : IDisposable
{
    private static readonly Dictionary<string, Action<TinyScene>> Doors = new()
    {
        ["entry"] = scene => _ = scene.Attention.Parameters.QkvWeight.Value,
        ["all entries"] = scene => _ = scene.Model.AllParameters().Select(item => item.Parameter.Value).ToList(),
        ["state_dict"] = scene => scene.Model.state_dict(),
        ["save"] = scene => scene.Model.save(Stream.Null),
        ["parameters"] = scene => scene.Model.parameters().ToList(),
        ["named_parameters"] = scene => scene.Attention.named_parameters().ToList(),
        ["get_parameter"] = scene => scene.Attention.get_parameter("qkv_weight"),
        ["get_parameter of a parent"] = scene => new Wrapper(scene.Model).get_parameter("inner.norm"),
        ["state_dict of a parent"] = scene => new Wrapper(scene.Model).state_dict(),
        ["save of a parent"] = scene => new Wrapper(scene.Model).save(Stream.Null),
        ["parameters of a parent"] = scene => new Wrapper(scene.Model).parameters().ToList(),
        ["state_dict of a Sequential"] = scene => Sequence(scene).state_dict(),
        ["parameters of a Sequential"] = scene => Sequence(scene).parameters().ToList(),
    };

    private readonly TinyScene _scene = new();

    public TornReadTests() => _scene.Load(_scene.First);

    public static TheoryData<string> Names => [.. Doors.Keys];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Throws_until_a_refit_completes(string door)
    {
        Doors[door](_scene);
        using (var refit = _scene.Model.BeginRefit(RefitMode.InPlace))
        {
            Assert.Contains("an in-place refit is under way", Assert.Throws<ModelStateException>(() => Doors[door](_scene)).Message, StringComparison.Ordinal);
            refit.Write("norm.weight", _scene.Second["norm.weight"]);
        }
        Assert.Contains("the model is torn", Assert.Throws<ModelStateException>(() => Doors[door](_scene)).Message, StringComparison.Ordinal);
        _scene.Refit(_scene.Second);
        Doors[door](_scene);
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    [Fact]
    public void A_torn_model_is_disposed_with_all_its_tensors()
    {
        var model = new TinyModel(_scene.Sizes);
        _scene.Load(_scene.First, model);
        var held = model.parameters().ToList();
        using (var refit = model.BeginRefit(RefitMode.InPlace)) refit.Write("norm.weight", _scene.Second["norm.weight"]);
        model.Dispose();
        Assert.All(held, parameter => Assert.True(parameter.IsInvalid));
    }

    // Neither is disposed, for both would dispose the model.
    private static TorchSharp.Modules.Sequential Sequence(TinyScene scene) => nn.Sequential(scene.Attention);

    private sealed class Wrapper : nn.Module
    {
        public Wrapper(nn.Module inner)
            : base(nameof(Wrapper)) => register_module("inner", inner);
    }
}
