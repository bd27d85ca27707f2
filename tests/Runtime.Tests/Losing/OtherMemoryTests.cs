using Lanyard.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>A parameter object that was given other memory behind its property: nothing is written to the old address, nor read from the new.</summary>
public sealed class OtherMemoryTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public OtherMemoryTests() => _scene.Load(_scene.First);

    public static TheoryData<string> Changes => ["smaller", "turned", "another type", "same form", "spread", "disposed"];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_plan_does_not_write_to_it(string change)
    {
        using var checkpoint = _scene.Stored(_scene.Second);
        var plan = LoadPlan.Create(_scene.Model, checkpoint);
        Change(_scene.Experts.Parameters.W13Weight.Value, change);
        Refused(() => plan.Execute());
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_refit_does_not_begin(string change)
    {
        Change(_scene.Experts.Parameters.W13Weight.Value, change);
        foreach (var mode in new[] { RefitMode.InPlace, RefitMode.Staged }) Refused(() => _scene.Model.BeginRefit(mode));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void An_export_and_checksums_do_not_read_it(string change)
    {
        Change(_scene.Experts.Parameters.W13Weight.Value, change);
        var folder = Directory.CreateTempSubdirectory("lanyard-");
        Refused(() => _scene.Model.Export(folder.FullName));
        Refused(() => _scene.Model.Checksums());
        Assert.Empty(folder.GetFileSystemInfos());
        folder.Delete();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_changes_within_a_session_in_place_is_not_written_to(string change)
    {
        var weight = _scene.Experts.Parameters.W13Weight.Value;
        using var refit = _scene.Model.BeginRefit(RefitMode.InPlace);
        Change(weight, change);
        Refused(() => refit.Write("layers.0.mlp.experts.gate_up_proj", _scene.Second["layers.0.mlp.experts.gate_up_proj"]));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_changes_between_two_tensors_of_a_parameter_is_not_written_to(string change)
    {
        var weight = _scene.Attention.Parameters.QkvWeight.Value;
        using var refit = _scene.Model.BeginRefit(RefitMode.InPlace);
        refit.Write("layers.0.self_attn.q_proj.weight", _scene.Second["layers.0.self_attn.q_proj.weight"]);
        Change(weight, change);
        Refused(() => refit.Write("layers.0.self_attn.k_proj.weight", _scene.Second["layers.0.self_attn.k_proj.weight"]), "layers.0.self_attn.qkv_weight");
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_changes_within_a_staged_session_keeps_the_others(string change)
    {
        var weight = _scene.Experts.Parameters.W13Weight.Value;
        var norm = _scene.Model.Norm.bytes.ToArray();
        using var refit = _scene.Model.BeginRefit();
        foreach (var (name, value) in _scene.Second) refit.Write(name, value);
        Change(weight, change);
        Refused(() => refit.Commit());
        Assert.Equal(norm, _scene.Model.Norm.bytes.ToArray());
        Assert.Equal(ModelState.Loaded, _scene.Model.Parameters.State);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_patch_does_not_go_into_it(string change)
    {
        var weight = _scene.Experts.Parameters.W13Weight.Value;
        using var refit = _scene.Model.BeginRefit(RefitMode.InPlace, RefitScope.Subset);
        refit.Patch("layers.0.mlp.experts.gate_up_proj", tensor(new[] { 3L }), tensor(new[] { 1f }));
        Change(weight, change);
        Refused(() => refit.Commit());
    }

    [Fact]
    public void All_are_named_in_one_exception()
    {
        foreach (var (_, parameter) in _scene.Model.AllParameters()) parameter.Value.set_(zeros(1));
        var message = Assert.Throws<ModelStateException>(() => _scene.Model.BeginRefit()).Message;
        foreach (var name in new[] { "layers.{0,1}.self_attn.qkv_weight", "layers.{0,1}.mlp.experts.w2_weight", "norm" })
            Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains("is Float32 [1] now", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constructor_s_value_is_compared_before_the_first_load()
    {
        using var model = new TinyModel(_scene.Sizes).InitialisedByHand();
        model.Norm.set_(zeros(1));
        using var checkpoint = _scene.Stored(_scene.Second);
        Assert.Contains("norm", Assert.Throws<ModelStateException>(() => LoadPlan.Create(model, checkpoint).Execute()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_helper_of_a_post_load_method_does_not_leave_a_parameter_elsewhere()
    {
        using var module = new Loose();
        void Refit(float value)
        {
            using var refit = module.BeginRefit();
            refit.Write("weight", full(4, value));
            refit.Write("bias", full(4, value));
            refit.Commit();
        }
        Refit(1);
        module.Hidden = () => module.Weight.set_(zeros(4));
        Assert.Contains("weight", Assert.Throws<ModelStateException>(() => Refit(2)).Message, StringComparison.Ordinal);
        Assert.Equal([2f, 1f], [module.Weight[0].ToSingle(), module.Bias[0].ToSingle()]);
        module.Hidden = null;
        Refit(3);
        Assert.Equal([6f, 3f], [module.Weight[0].ToSingle(), module.Bias[0].ToSingle()]);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_conversion_does_not_make_it_right(string change)
    {
        Change(_scene.Experts.Parameters.W13Weight.Value, change);
        Assert.Throws<ModelStateException>(() => _scene.Model.to(ScalarType.Float64));
        Assert.Equal(ScalarType.Float32, _scene.Model.Norm.dtype);
        Refused(() => _scene.Model.BeginRefit());
    }

    [Fact]
    public void What_changes_of_a_parameter_that_a_subset_leaves_alone_is_found()
    {
        var norm = _scene.Model.Parameters.Norm.Value;
        foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
        {
            using var refit = _scene.Model.BeginRefit(mode, RefitScope.Subset);
            refit.Write("layers.0.self_attn.q_proj.weight", _scene.Second["layers.0.self_attn.q_proj.weight"]);
            norm.set_(zeros(norm.shape));
            Refused(() => refit.Commit(), "norm");
            break;
        }
    }

    [Fact]
    public void What_a_conversion_or_a_mapped_file_moves_is_known()
    {
        _scene.Model.to(ScalarType.Float64);
        _scene.Model.to(ScalarType.Float32);
        _scene.Refit(_scene.Second);
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
        using var mapped = new TinyModel(_scene.Sizes);
        _scene.Load(_scene.First, mapped, new LoadOptions { Mode = LoadMode.Map });
        _scene.Load(_scene.Second, mapped);
        Assert.Equal(_scene.Bits(), _scene.Bits(mapped));
    }

    private static ModelStateException Refused(Action act, string name = "layers.0.mlp.experts.w13_weight")
    {
        var error = Assert.Throws<ModelStateException>(act);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        return error;
    }

    private static void Change(Parameter weight, string change)
    {
        switch (change)
        {
            case "smaller":
                weight.set_(zeros(1));
                break;
            case "turned":
                weight.set_(zeros([.. weight.shape.Reverse()]).permute([.. Enumerable.Range(0, weight.shape.Length).Select(d => (long)d).Reverse()]));
                break;
            case "another type":
                // The type stays, over twice the bytes; over half of them torch refuses it.
                weight.set_(zeros(weight.shape, ScalarType.Float64));
                break;
            case "same form":
                weight.set_(zeros(weight.shape));
                break;
            case "spread":
                weight.set_(zeros(1).expand(weight.shape));
                break;
            default:
                weight.Dispose();
                break;
        }
    }
}
