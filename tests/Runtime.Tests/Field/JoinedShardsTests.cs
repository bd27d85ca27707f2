using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>One tensor that files have as several, one after another along its rows: equally long, or as long as only the files know.</summary>
public sealed class JoinedShardsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int, int[]> Sizes => new()
    {
        { 1, [4, 4, 4] },
        { 2, [4, 4, 4] },
        { 3, [4, 4, 2] },
        { 4, [4, 4, 4] },
        { 1, [5, 1, 6] },
        { 2, [1, 0, 11] },
        { 3, [7, 3, 2] },
        { 4, [2, 9, 1] },
        { 4, [0, 0, 5] },
    };

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ranks_hold_equal_ranges_of_what_was_joined_and_merge_into_it(int ranks, int[] sizes)
    {
        var whole = Numbers(sizes.Sum());
        using var checkpoint = Write("stored", whole, sizes);
        Verify(checkpoint, whole, ranks, sizes.Length);
    }

    [Fact]
    public void Any_sizes_on_any_ranks()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var sizes = new int[random.Next(1, 7)];
            foreach (ref var size in sizes.AsSpan()) size = random.Next(0, 8);
            sizes[random.Next(sizes.Length)]++;
            var whole = Numbers(sizes.Sum());
            using var checkpoint = Write($"stored-{seed}", whole, sizes);
            Verify(checkpoint, whole, random.Next(1, 5), sizes.Length);
        }
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_refit_takes_files_of_other_sizes(RefitMode mode)
    {
        using var first = Write("first", Numbers(12).Plus(100), [4, 4, 4]);
        using var second = Write("second", Numbers(12), [6, 5, 1]);
        for (var rank = 0; rank < 4; rank++)
        {
            using var model = Loaded(first, 12, 3, new Topology(rank, 4));
            using (var refit = model.BeginRefit(mode))
            {
                refit.Write(second);
                Assert.Equal(3, refit.Commit().Tensors);
            }
            Assert.Equal(Numbers(12)[(3 * rank)..(3 * (rank + 1))], model.Weight);
        }
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void Shards_come_one_by_one_in_any_order(RefitMode mode)
    {
        var whole = Numbers(10);
        for (var seed = 0; seed < 6; seed++)
        {
            var order = new[] { 0, 1, 2 };
            new Random(seed).Shuffle(order);
            for (var rank = 0; rank < 2; rank++)
            {
                using var model = new JoinedTable(10, 3, new Topology(rank, 2));
                using var refit = model.BeginRefit(mode);
                foreach (var i in order) refit.Write($"shard_{i}.weight", whole[(4 * i)..Math.Min(10, 4 * (i + 1))]);
                Assert.Equal(3, refit.Commit().Tensors);
                var end = Math.Min(10, 6 * (rank + 1));
                Assert.Equal(whole[(6 * rank)..end], model.Weight[..(end - (6 * rank))]);
            }
        }
    }

    [Fact]
    public void Some_shards_are_a_subset_and_rows_of_one_are_patched()
    {
        using var checkpoint = Write("stored", Numbers(10), [4, 4, 2]);
        using var model = Loaded(checkpoint, 10, 3, new Topology(1, 2));
        using (var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset))
        {
            refit.Patch("shard_1.weight", torch.tensor(new long[] { 0, 6, 11 }), torch.tensor(new float[] { -1, -2, -3 }));
            refit.Commit();
        }
        var expected = Numbers(10);
        expected[6, 0] = torch.tensor(-2f);
        expected[7, 2] = torch.tensor(-3f);
        Assert.Equal(expected[6..], model.Weight[..4]);
    }

    [Fact]
    public void One_shard_alone_is_refused_for_nobody_can_tell_how_its_tensor_was_cut()
    {
        using var checkpoint = Write("stored", Numbers(12), [4, 4, 4]);
        using var model = Loaded(checkpoint, 12, 3, Topology.Single);
        using var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset);
        refit.Write("shard_1.weight", Numbers(12)[4..8].clone());
        var problems = Assert.Throws<LoadException>(() => refit.Commit()).Problems;
        Assert.Equal([(LoadProblemKind.Missing, "shard_0.weight"), (LoadProblemKind.Missing, "shard_2.weight")], problems.Select(problem => (problem.Kind, problem.Tensor)));
    }

    [Fact]
    public void Wrong_sums_are_refused_with_the_names()
    {
        using var model = new JoinedTable(12, 3);
        using var longer = Write("longer", Numbers(13), [4, 4, 5]);
        Assert.Equal(
            new LoadProblem(LoadProblemKind.WrongShape, "shard_2.weight", "weight", "[4, 3]", "[5, 3]"),
            Assert.Single(Assert.Throws<LoadException>(() => LoadPlan.Create(model, longer)).Problems));
        using var shorter = Write("shorter", Numbers(11), [5, 5, 1]);
        Assert.Equal(
            ["shard_0.weight", "shard_1.weight", "shard_2.weight"],
            Assert.Throws<LoadException>(() => LoadPlan.Create(model, shorter)).Problems.Select(problem => problem.Tensor));

        // Without one of them nobody knows where the others begin.
        using var fewer = Write("fewer", Numbers(12), [6, 6]);
        Assert.Equal(
            [LoadProblemKind.WrongShape, LoadProblemKind.WrongShape, LoadProblemKind.Missing],
            Assert.Throws<LoadException>(() => LoadPlan.Create(model, fewer)).Problems.OrderBy(problem => problem.Tensor, StringComparer.Ordinal).Select(problem => problem.Kind));
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_stream_of_other_sizes_is_refused_with_the_names(RefitMode mode)
    {
        using var checkpoint = Write("stored", Numbers(12).Plus(100), [4, 4, 4]);
        using var model = Loaded(checkpoint, 12, 3);
        using (var refit = model.BeginRefit(mode))
        {
            refit.Write("shard_0.weight", Numbers(12)[..5]);
            refit.Write("shard_1.weight", Numbers(12)[5..8]);
            refit.Write("shard_2.weight", Numbers(12)[8..]);
            Assert.Equal(
                [
                    new LoadProblem(LoadProblemKind.WrongShape, "shard_0.weight", "weight", "[4, 3]", "[5, 3]"),
                    new LoadProblem(LoadProblemKind.WrongShape, "shard_1.weight", "weight", "[4, 3]", "[3, 3]"),
                ],
                Assert.Throws<LoadException>(() => refit.Commit()).Problems.OrderBy(problem => problem.Tensor, StringComparer.Ordinal));
        }

        // By the sizes that the model has, whatever they were stored in.
        using var again = model.BeginRefit(mode);
        foreach (var (name, start, from, to) in new[] { ("shard_1.weight", 1L, 5, 8), ("shard_0.weight", 0L, 0, 4), ("shard_2.weight", 0L, 8, 12), ("shard_1.weight", 0L, 4, 5) })
            again.Write(name, Numbers(12)[from..to], [start, 0]);
        again.Commit();
        Assert.Equal(Numbers(12), model.Weight);
    }

    [Fact]
    public void Checksums_of_files_with_other_sizes_prove_nothing()
    {
        using var checkpoint = Write("stored", Numbers(12), [5, 3, 4]);
        using var model = Loaded(checkpoint, 12, 3);
        var held = model.Checksums();
        Assert.False(held.Compare(WeightChecksums.Of(checkpoint, held)).IsProof);
        Assert.True(held.Compare(WeightChecksums.Of(Enumerable.Range(0, 3).Select(i => ($"shard_{i}.weight", Numbers(12)[(4 * i)..(4 * (i + 1))])), held)).IsProof);
    }

    [Fact]
    public void Shards_of_codes_are_refused()
    {
        using var model = new JoinedCodes();
        using var checkpoint = Write("stored", Numbers(12), [4, 4, 4]);
        var error = Assert.Throws<InvalidOperationException>(() => LoadPlan.Create(model, checkpoint));
        Assert.Contains("shard_{shards}.weight: shards that are joined hold plain elements", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_sizes_are_cut_below_a_prefix_and_under_other_names()
    {
        var path = _folder.At("other.safetensors");
        CheckpointWriter.Write(path, [("model.piece_0.weight", Numbers(12)[..5]), ("model.piece_1.weight", Numbers(12)[5..7]), ("model.piece_2.weight", Numbers(12)[7..])]);
        using var checkpoint = Checkpoint.Open(path);
        using var model = new JoinedTable(12, 3, new Topology(1, 2));
        var options = new LoadOptions { Names = new NameMapping { Code = name => name.Replace("piece_", "shard_", StringComparison.Ordinal) } };

        // Rows 5 and 6 are of one piece, of which this rank takes row 6.
        Assert.Equal(6 * 3 * sizeof(float), LoadPlan.Check(model, checkpoint.Tensors.Values, options, "model.").Bytes);
        LoadPlan.Create(model, checkpoint, options, "model.").Execute();
        Assert.Equal(Numbers(12)[6..], model.Weight);
    }

    private static Tensor Numbers(long rows) => arange(rows * 3, ScalarType.Float32).reshape(rows, 3);

    private static JoinedTable Loaded(Checkpoint checkpoint, int rows, int shards, Topology? topology = null)
    {
        var model = new JoinedTable(rows, shards, topology);
        LoadPlan.Create(model, checkpoint).Execute();
        return model;
    }

    private Checkpoint Write(string name, Tensor whole, int[] sizes)
    {
        var (tensors, start) = (new List<(string, Tensor)>(), 0);
        foreach (var (i, size) in sizes.Index())
        {
            tensors.Add(($"shard_{i}.weight", whole[start..(start + size)]));
            start += size;
        }
        var path = _folder.At($"{name}.safetensors");
        CheckpointWriter.Write(path, tensors);
        return Checkpoint.Open(path);
    }

    /// <summary>Loads each rank in every mode, compares what it holds, its checksums and the merged export.</summary>
    private void Verify(Checkpoint checkpoint, Tensor whole, int ranks, int shards)
    {
        var rows = (int)whole.shape[0];
        var each = (rows + 11) / 12 * 12 / ranks;
        var folders = new List<string>();
        for (var rank = 0; rank < ranks; rank++)
        {
            var (start, end) = (Math.Min(rows, rank * each), Math.Min(rows, (rank + 1) * each));
            using var model = Loaded(checkpoint, rows, shards, new Topology(rank, ranks));
            Assert.Equal(whole[start..end], model.Weight[..(end - start)]);
            using var mapped = new JoinedTable(rows, shards, new Topology(rank, ranks));
            LoadPlan.Create(mapped, checkpoint, new LoadOptions { Mode = LoadMode.Map }).Execute();
            Assert.Equal(model.Weight, mapped.Weight);
            folders.Add(_folder.At($"{Guid.NewGuid():N}"));
            model.Export(folders[^1]);
        }
        var merged = _folder.At($"{Guid.NewGuid():N}");
        CheckpointMerge.Merge(folders, merged);
        using var exported = Checkpoint.Open(merged);
        var cut = (rows + shards - 1) / shards;
        Assert.Equal(
            Enumerable.Range(0, shards).Select(i => (long)Math.Clamp(rows - (i * cut), 0, cut)).Where(size => size > 0),
            exported.Tensors.Values.OrderBy(tensor => int.Parse(tensor.Name["shard_".Length..^".weight".Length])).Select(tensor => tensor.Shape[0]));
        using var again = Loaded(exported, rows, shards);
        Assert.Equal(whole, again.Weight[..rows]);
        var held = again.Checksums();
        Assert.True(held.Compare(WeightChecksums.Of(exported, held)).IsProof);
    }
}
