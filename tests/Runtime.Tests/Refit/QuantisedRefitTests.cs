using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.DeepSeek;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>Refits of tensors whose scales are tensors of their own.</summary>
public sealed class QuantisedRefitTests : IDisposable
{
    private readonly TensorFiles _files = new();
    private readonly DeepSeekSizes _sizes = DeepSeekSizes.Read(Fixtures.Path("deepseek-v3-fp8", "config.json"));
    private readonly DeepSeekAttention _model;
    private readonly Dictionary<string, Tensor> _first, _second;
    private readonly Dictionary<string, byte[]> _firstBits, _secondBits;

    public QuantisedRefitTests()
    {
        var checkpoint = _files.Fixture("deepseek-v3-fp8");
        (_first, _second) = (TensorFiles.Below(checkpoint, "model.layers.1.self_attn."), TensorFiles.Below(checkpoint, "model.layers.2.self_attn."));
        _model = new DeepSeekAttention(_sizes);
        _files.Load(_model, _second);
        _secondBits = Bits.Of(_model);
        _files.Load(_model, _first);
        _firstBits = Bits.Of(_model);
    }

    public static TheoryData<RefitMode> Modes => [RefitMode.Staged, RefitMode.InPlace];

    public void Dispose()
    {
        _model.Dispose();
        _files.Dispose();
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Tensors_and_scales_come_in_any_order(RefitMode mode)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var (next, expected) = seed % 2 == 0 ? (_second, _secondBits) : (_first, _firstBits);
            var order = seed switch
            {
                0 => next.OrderBy(item => !IsScale(item.Key)),
                1 => next.OrderBy(item => IsScale(item.Key)),
                _ => next.OrderBy(item => new Random(seed + item.Key.Length + item.Key[0]).Next()),
            };
            using var refit = _model.BeginRefit(mode);
            foreach (var (name, value) in order)
            {
                // The caller may change a tensor after the call.
                using var own = value.clone();
                refit.Write(name, own);
                own.bytes.Fill(1);
            }
            refit.Commit();
            Assert.Equal(expected, Bits.Of(_model));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Tensors_and_scales_come_from_many_threads(RefitMode mode)
    {
        for (var round = 0; round < 20; round++)
        {
            var (next, expected) = round % 2 == 0 ? (_second, _secondBits) : (_first, _firstBits);
            using var refit = _model.BeginRefit(mode);
            Parallel.ForEach(next.OrderBy(_ => Random.Shared.Next()), new ParallelOptions { MaxDegreeOfParallelism = 8 }, item => refit.Write(item.Key, item.Value));
            refit.Commit();
            Assert.Equal(expected, Bits.Of(_model));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_same_again_gives_the_same_bits_in_the_same_storage(RefitMode mode)
    {
        var addresses = _model.AllParameters().Select(item => TensorAddress.Of(item.Parameter.Value)).ToList();
        for (var i = 0; i < 2; i++)
        {
            using var refit = _model.BeginRefit(mode);
            foreach (var (name, value) in _second) refit.Write(name, value);
            refit.Commit();
            Assert.Equal(_secondBits, Bits.Of(_model));
        }
        Assert.Equal(addresses, _model.AllParameters().Select(item => TensorAddress.Of(item.Parameter.Value)));
    }

    public static IEnumerable<object[]> Halves =>
        from scope in new[] { RefitScope.Whole, RefitScope.Subset }
        from missing in new[] { "q_a_proj.weight", "q_a_proj.weight_scale_inv", "kv_b_proj.weight", "kv_b_proj.weight_scale_inv" }
        select new object[] { scope, missing };

    [Theory]
    [MemberData(nameof(Halves))]
    public void A_half_without_the_other_is_an_error_that_names_it_in_a_subset_too(RefitScope scope, string missing)
    {
        using var refit = _model.BeginRefit(RefitMode.Staged, scope);
        foreach (var (name, value) in _second) if (name != missing) refit.Write(name, value);
        var problems = Assert.Throws<LoadException>(() => refit.Commit()).Problems;

        var parameters = missing.StartsWith("kv_b", StringComparison.Ordinal) ? new[] { "key_up", "value_up" } : ["qkv_a"];
        Assert.Equal(parameters.Select(parameter => new LoadProblem(LoadProblemKind.Missing, missing, parameter)), problems.OrderBy(problem => problem.Parameter, StringComparer.Ordinal));
        Assert.Equal(_firstBits, Bits.Of(_model));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_half_by_a_file_and_the_other_by_hand_or_by_another_file_are_written(bool scalesByFile, bool tensorsByFile)
    {
        foreach (var scalesFirst in new[] { true, false })
        {
            using var refit = _model.BeginRefit();
            foreach (var scales in new[] { scalesFirst, !scalesFirst })
            {
                var half = _second.Where(item => IsScale(item.Key) == scales).ToDictionary();
                if (scales ? !scalesByFile : !tensorsByFile)
                {
                    foreach (var (name, value) in half) refit.Write(name, value);
                    continue;
                }
                using var checkpoint = _files.Stored(half);
                refit.Write(checkpoint);
            }
            Assert.Equal(10, refit.Commit().Slots);
            Assert.Equal(_secondBits, Bits.Of(_model));
            using var back = _model.BeginRefit();
            foreach (var (name, value) in _first) back.Write(name, value);
            back.Commit();
        }
    }

    [Fact]
    public void A_cancelled_file_cannot_be_committed()
    {
        using var refit = _model.BeginRefit();
        Assert.ThrowsAny<OperationCanceledException>(() => refit.Write(_files.Stored(_second), cancellationToken: new CancellationToken(canceled: true)));
        Assert.Contains("was cancelled", Assert.Throws<ModelStateException>(() => refit.Commit()).Message, StringComparison.Ordinal);
        Assert.Equal(_firstBits, Bits.Of(_model));
        Assert.Equal(ModelState.Loaded, _model.Parameters.State);
    }

    [Fact]
    public void A_patch_of_several_formats_is_ambiguous_and_the_plain_one_takes_it()
    {
        using var model = new FormatsLinear(3, 2);
        _files.Load(model, new Dictionary<string, Tensor> { ["weight"] = torch.zeros(3, 2) });
        using (var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset))
        {
            refit.Patch("weight", torch.tensor(new long[] { 1 }), torch.ones(1));
            Assert.Equal(LoadProblemKind.Ambiguous, Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Kind);
        }
        using (var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset, new LoadOptions { Format = "plain-transposed" }))
        {
            refit.Patch("weight", torch.tensor(new long[] { 1 }), torch.ones(1));
            refit.Commit();
        }
        Assert.Equal([0f, 0f, 1f, 0f, 0f, 0f], model.Weight.data<float>().ToArray());
    }

    private static bool IsScale(string name) => name.EndsWith("_scale_inv", StringComparison.Ordinal);
}
