using Lanyard.Tests.Models;
using Lanyard.Tests.Models.DeepSeek;

namespace Lanyard.Tests.Loading;

/// <summary>Axes that ranks cannot share equally: refused when the model is made, all of them at once, unless they are declared otherwise.</summary>
public sealed class UnevenAxisTests : IDisposable
{
    private readonly TensorFiles _files = new();
    private readonly DeepSeekSizes _sizes = DeepSeekSizes.Read(Fixtures.Path("deepseek-v3-fp8", "config.json"));

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Every_axis_that_does_not_divide_is_in_one_error()
    {
        var error = Assert.Throws<ArgumentException>(() => new TinyAttention(heads: 4, kvHeads: 2, headDim: 0, hidden: 10, new Topology(2, 3)));
        Assert.Equal(
            "TinyAttention cannot be laid out: heads of size 4 does not divide over 3 tensor-parallel ranks (Follows takes what the share of another axis needs, as key heads what query heads read; of an axis that stands by itself PadTo = 3 rounds it up with zeros, Unit = 1 gives the last ranks less); kv_heads of size 2 does not divide over 3 tensor-parallel ranks (Replicate is for numbers of ranks that divide it or are a multiple of it; Follows in its place takes what the share of another axis needs, as key heads what query heads read); head_dim is 0: set the member before the parameters are created.",
            error.Message);
    }

    [Theory]
    [InlineData(3, 136)]
    [InlineData(16, 136)]
    [InlineData(272, 136)]
    public void Equal_ranges_are_never_rounded(int ranks, int intermediate)
    {
        for (var rank = 0; rank < ranks; rank += ranks - 1)
        {
            var error = Assert.Throws<ArgumentException>(() => new DeepSeekExperts(_sizes with { ExpertIntermediate = intermediate }, new Topology(rank, ranks)));
            Assert.Contains($"intermediate of size {intermediate} does not divide over {ranks} tensor-parallel ranks (Follows takes what the share of another axis needs, as key heads what query heads read; {(ranks % intermediate == 0 ? "Replicate = true lets ranks share an index; " : "")}of an axis that stands by itself PadTo = {ranks} rounds it up with zeros, ", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(2, true)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    [InlineData(6, true)]
    public void A_replicated_axis_is_shared_where_ranks_are_a_multiple_of_it(int ranks, bool fits)
    {
        TinyAttention Make() => new(heads: 12, kvHeads: 2, headDim: 1, hidden: 1, new Topology(ranks - 1, ranks));
        if (fits)
        {
            using var model = Make();
            Assert.Equal((12 / ranks) + (2 * Math.Max(1, 2 / ranks)), model.Parameters.QkvWeight.ModelShape[0]);
            return;
        }
        var error = Assert.Throws<ArgumentException>(() => { Make(); });
        Assert.DoesNotContain(" heads of size", error.Message, StringComparison.Ordinal);
        Assert.Contains("kv_heads of size 2 does not divide over 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rounded_axis_that_does_not_divide_says_what_it_was_rounded_to()
    {
        // 10 rounded up to 12.
        var error = Assert.Throws<ArgumentException>(() => new PlacedModel(new Topology(0, 8)));
        Assert.Contains("vocab of size 10 is rounded up to 12, which does not divide over 8 tensor-parallel ranks (a PadTo that is a multiple of 8 does).", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranks_beyond_the_experts_hold_none_and_load_nothing()
    {
        var checkpoint = _files.Fixture("deepseek-v3-fp8");
        var stored = TensorFiles.Below(checkpoint, "model.layers.1.mlp.experts.");
        long[] held = [1, 1, 1, 1, 0, 0];
        for (var rank = 0; rank < held.Length; rank++)
        {
            using var experts = new DeepSeekExperts(_sizes, new Topology(0, 1, rank, held.Length));
            var report = _files.Load(experts, stored);
            Assert.Equal((held[rank], 3 * held[rank]), (experts.W13Weight.shape[0], report.Slots));
            Assert.Equal(ModelState.Loaded, experts.Parameters.State);

            using var refit = experts.BeginRefit();
            foreach (var (name, value) in stored) refit.Write(name, value);
            Assert.Equal(3 * held[rank], refit.Commit().Slots);
        }
    }
}
