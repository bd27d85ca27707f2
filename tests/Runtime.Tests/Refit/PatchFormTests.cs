using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>Indices as they are sent: in any order, in other types, as distances, of many tensors at once.</summary>
public sealed class PatchFormTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>Sizes beside those of pieces, buckets and digits; parts from one element to all.</summary>
    [Theory]
    [InlineData(1, 1, 1.0)]
    [InlineData(7, 5, 1.0)]
    [InlineData(64, 33, 0.1)]
    [InlineData(300, 256, 0.9)]
    [InlineData(1024, 640, 0.002)]
    [InlineData(1024, 640, 0.3)]
    [InlineData(1024, 1031, 0.1)]
    [InlineData(256, 1031, 1.0)]
    public void Elements_go_where_they_belong_in_any_order_form_and_rank(int outputs, int inputs, double part)
    {
        foreach (var (rank, ranks) in new[] { (0, 1), (0, 2), (1, 2) })
        {
            if (outputs % ranks != 0) continue;
            foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
            {
                foreach (var form in new[] { "ascending", "any", "descending", "int32", "deltas", "deltas int32", "deltas any", "float32" })
                {
                    var before = randn(outputs, inputs).bfloat16();
                    var count = Math.Max(1, (int)(before.numel() * part));
                    var chosen = randperm(before.numel(), ScalarType.Int64)[..count].data<long>().ToArray();
                    if (form is "ascending" or "int32" or "deltas" or "deltas int32" or "float32") Array.Sort(chosen);
                    if (form == "descending") Array.Sort(chosen, (a, b) => b.CompareTo(a));
                    var values = randn(count);
                    if (form != "float32") values = values.bfloat16();
                    var sent = form.StartsWith("deltas", StringComparison.Ordinal) ? chosen.Select((index, i) => i == 0 ? index : index - chosen[i - 1]).ToArray() : chosen;
                    var indices = tensor(sent);
                    if (form.EndsWith("int32", StringComparison.Ordinal)) indices = indices.to(ScalarType.Int32);

                    using TinyProjection model = Loaded(before, rank, ranks), expected = Loaded(before.clone().view(-1).index_copy_(0, tensor(chosen), values.bfloat16()).view(outputs, inputs), rank, ranks);
                    using (var refit = model.BeginRefit(mode, RefitScope.Subset, new LoadOptions { AllowNarrowing = true }))
                    {
                        refit.Patch(new TensorPatch("weight", indices, values, form.StartsWith("deltas", StringComparison.Ordinal) ? IndexEncoding.Deltas : IndexEncoding.Flat));
                        var bytes = refit.Commit().Bytes;
                        Assert.Equal(2 * chosen.Count(i => i / inputs / (outputs / ranks) == rank), bytes);
                    }
                    Assert.True(model.Weight.Equals(expected.Weight), $"{form}, {mode}, rank {rank} of {ranks}");
                }
            }
        }
    }

    [Theory]
    [InlineData(new long[] { 5, 3, 5 }, IndexEncoding.Flat, "index 5 twice")]
    [InlineData(new long[] { 5, 0 }, IndexEncoding.Deltas, "index 5 twice")]
    [InlineData(new long[] { 5, -2, 2 }, IndexEncoding.Deltas, "index 5 twice")]
    [InlineData(new long[] { 5, -6 }, IndexEncoding.Deltas, "index -1")]
    [InlineData(new long[] { 5, 30 }, IndexEncoding.Deltas, "index 35 of 35 elements")]
    [InlineData(new long[] { 1, long.MaxValue }, IndexEncoding.Flat, "index 9223372036854775807 of 35 elements")]
    [InlineData(new long[] { long.MaxValue, 1 }, IndexEncoding.Flat, "index 9223372036854775807 of 35 elements")]
    [InlineData(new long[] { 1, long.MaxValue }, IndexEncoding.Deltas, "index -9223372036854775808")]
    [InlineData(new long[] { long.MaxValue, long.MinValue }, IndexEncoding.Flat, "index -9223372036854775808")]
    [InlineData(new long[] { 3, 1L << 40 }, IndexEncoding.Flat, "index 1099511627776 of 35 elements")]
    public void What_is_wrong_with_indices_is_said_and_nothing_changes(long[] indices, IndexEncoding encoding, string found)
    {
        var before = randn(7, 5).bfloat16();
        using var model = Loaded(before);
        using (var refit = model.BeginRefit(RefitMode.InPlace, RefitScope.Subset))
        {
            refit.Patch([new TensorPatch("weight", tensor(indices), ones(indices.Length, ScalarType.BFloat16), encoding)]);
            Assert.Equal(found, Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Found);
        }
        Assert.True(model.Weight.Equals(Loaded(before).Weight));
    }

    [Fact]
    public void Patches_of_one_tensor_may_lie_between_each_other_but_not_meet()
    {
        var before = randn(512, 640).bfloat16();
        foreach (var step in new[] { 7, 90 })
        {
            using TinyProjection model = Loaded(before), expected = Loaded(zeros(512, 640, ScalarType.BFloat16));
            using (var refit = model.BeginRefit(scope: RefitScope.Subset))
            {
                refit.Patch(Enumerable.Range(0, step).Reverse().Select(start => arange(start, before.numel(), step)).Select(indices => new TensorPatch("weight", indices, zeros(indices.numel(), ScalarType.BFloat16))));
                refit.Commit();
            }
            Assert.True(model.Weight.Equals(expected.Weight));
            using (var refit = model.BeginRefit(scope: RefitScope.Subset))
            {
                refit.Patch([.. Enumerable.Range(0, step).Append(3).Select(start => arange(start, before.numel(), step)).Select(indices => new TensorPatch("weight", indices, zeros(indices.numel(), ScalarType.BFloat16)))]);
                Assert.Matches("^index [0-9]+ twice$", Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Found);
            }
        }
    }

    [Fact]
    public void Values_that_become_infinite_are_counted_where_the_rank_has_them()
    {
        for (var rank = 0; rank < 2; rank++)
        {
            using var model = Loaded(zeros(8, 5, ScalarType.BFloat16), rank, 2);
            using var refit = model.BeginRefit(scope: RefitScope.Subset, options: new LoadOptions { AllowNarrowing = true });
            refit.Patch("weight", tensor(new long[] { 39, 0, 3 }), tensor(new[] { 1f, float.MaxValue, float.MaxValue }));
            Assert.Equal(rank == 0 ? 2 : 0, refit.Commit().Overflowed.Sum(overflow => overflow.Elements));
        }
    }

    [Theory]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Int16)]
    public void Small_types_of_whole_numbers_are_indices_and_others_are_not(ScalarType type)
    {
        using var model = Loaded(zeros(7, 5, ScalarType.BFloat16));
        using var refit = model.BeginRefit(scope: RefitScope.Subset);
        Assert.Throws<ArgumentException>(() => refit.Patch("weight", tensor(new[] { 4f }), ones(1)));
        Assert.Throws<ArgumentException>(() => refit.Patch("weight", tensor(new[] { true }), ones(1)));
        Assert.Throws<ArgumentNullException>(() => refit.Patch((TensorPatch)null!));
        refit.Patch("weight", tensor(new long[] { 4, 1 }).to(type), ones(2, ScalarType.BFloat16));
        refit.Patch("weight", tensor(new long[] { 9, 0, 7, 0 }).to(type)[arange(0, 4, 2)], ones(4, ScalarType.BFloat16)[arange(0, 4, 2)]);
        refit.Commit();
        Assert.Equal(4, model.Weight.sum().ReadDouble());
    }

    [Fact]
    public void A_call_of_many_that_fails_ends_the_session()
    {
        using var model = Loaded(zeros(7, 5, ScalarType.BFloat16));
        using var refit = model.BeginRefit(scope: RefitScope.Subset);
        Assert.Throws<ArgumentException>(() => refit.Patch([new TensorPatch("weight", tensor(new long[] { 4 }), ones(1)), new TensorPatch("weight", tensor(new long[] { 4 }), ones(2))]));
        Assert.Throws<ModelStateException>(() => refit.Commit());
        Assert.Equal(0, model.Weight.sum().ReadDouble());
    }

    private static TinyProjection Loaded(Tensor weight, int rank = 0, int ranks = 1)
    {
        var model = new TinyProjection((int)weight.shape[0], (int)weight.shape[1], new Topology(rank, ranks, 0, 1));
        model.to(ScalarType.BFloat16);
        using var refit = model.BeginRefit();
        refit.Write("weight", weight);
        refit.Commit();
        return model;
    }
}
