using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>A distributed checkpoint in which every rank wrote a file with its piece of each tensor, under the tensor's own name. There is no index.</summary>
public sealed class PiecesByOffsetTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();
    private readonly Tensor _w = torch.arange(64, ScalarType.Float32).reshape(16, 4);
    private readonly Tensor _c = torch.arange(32, ScalarType.Float32).reshape(4, 8);

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_folder_is_one_checkpoint()
    {
        WriteAll();

        using var checkpoint = Checkpoint.Open(_folder.Path);

        Assert.Equal(["c", "w"], checkpoint.Tensors.Keys.Order());
        var w = checkpoint.Tensors["w"];
        Assert.Equal("w F32 [16, 4] in 4 pieces", w.ToString());
        Assert.Equal("w F32 [4, 4] from [4, 0]", w.Pieces[1].ToString());
        Assert.Equal((64, 256, 384), (w.ElementCount, w.Length, checkpoint.TotalBytes));
        Assert.Equal(checkpoint.Files, w.Pieces.Select(piece => piece.File));
        Assert.Equal(_w, checkpoint.View(w));
        Assert.Equal(_c, checkpoint.View(checkpoint.Tensors["c"]));
        Assert.Equal(_w[5][0], checkpoint.View(w.Pieces[1])[1][0]);
        Assert.Empty(checkpoint.PassedOver);
    }

    [Theory]
    [InlineData(LoadMode.Copy)]
    [InlineData(LoadMode.Map)]
    public void It_loads_and_a_rank_reads_its_own_pieces(LoadMode mode)
    {
        WriteAll();
        using var checkpoint = Checkpoint.Open(_folder.Path);
        using DividedMatrices whole = new(), second = new(new Topology(1, 2));
        var plan = LoadPlan.Create(whole, checkpoint, new LoadOptions { Mode = mode });
        Assert.Equal((2, 384), (plan.Tensors, plan.Bytes));
        Assert.Equal(2, plan.Execute().Tensors);
        AssertWhole(whole);

        var half = LoadPlan.Create(second, checkpoint, new LoadOptions { Mode = mode });
        Assert.Equal((2, 192), (half.Tensors, half.Bytes));
        half.Execute();
        AssertSecond(second);

        // One file is one rank's share.
        using var quarter = new DividedMatrices(new Topology(3, 4));
        var report = LoadPlan.Create(quarter, checkpoint, new LoadOptions { Mode = mode }).Execute();
        Assert.Equal(_w[12..16], quarter.W);
        Assert.Equal(_c[.., 6..8], quarter.C);
        Assert.Equal(mode == LoadMode.Map ? report.Bytes : 0, report.MappedBytes);
    }

    [Theory]
    [InlineData(RefitMode.Staged, ScalarType.Float32)]
    [InlineData(RefitMode.InPlace, ScalarType.Float32)]
    [InlineData(RefitMode.Staged, ScalarType.BFloat16)]
    [InlineData(RefitMode.InPlace, ScalarType.BFloat16)]
    public void Pieces_come_one_by_one_in_any_order_or_from_the_files(RefitMode mode, ScalarType type)
    {
        var pieces = Enumerable.Range(0, 4).SelectMany(n => Pieces(n, type)).Append(("w", _w[..0], [16, 0])).Append(("w", _w[4..4].to(type), [4, 0])).ToArray();
        for (var seed = 0; seed < 5; seed++)
        {
            new Random(seed).Shuffle(pieces);
            using DividedMatrices whole = new(), second = new(new Topology(1, 2));
            foreach (var model in new[] { whole, second })
            {
                using var refit = model.BeginRefit(mode);
                foreach (var (name, piece, start) in pieces) refit.Write(name, piece, start);
                refit.Commit();
            }
            AssertWhole(whole);
            AssertSecond(second);
        }

        WriteAll(type);
        using var checkpoint = Checkpoint.Open(_folder.Path);
        using DividedMatrices fromFiles = new(new Topology(1, 2)), planned = new();
        using (var refit = fromFiles.BeginRefit(mode))
        {
            refit.Write(checkpoint);
            refit.Commit();
        }
        AssertSecond(fromFiles);
        LoadPlan.Create(planned, checkpoint).Execute();
        AssertWhole(planned);
        var held = planned.Checksums();
        Assert.True(held.Compare(WeightChecksums.Of(checkpoint, held)).IsProof);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Pieces_of_codes_with_their_one_scale_whole(int ranks)
    {
        var codes = torch.full([16, 4], 0x38, ScalarType.Byte).bytes.ToArray();
        Tensor Codes(long rows)
        {
            var part = torch.zeros([rows, 4], CheckpointType.F8_E4M3.ToScalarType());
            codes.AsSpan(0, (int)rows * 4).CopyTo(part.bytes);
            return part;
        }
        (string, Tensor, long[])[] pieces = [("w", Codes(8), [0, 0]), ("w", Codes(8), [8, 0]), ("w_scale", torch.tensor(0.5f), []), ("w", Codes(0), [16, 0])];
        RankFiles.Write(_folder, 0, pieces[0], pieces[2]);
        RankFiles.Write(_folder, 1, pieces[1]);
        using var checkpoint = Checkpoint.Open(_folder.Path);
        for (var rank = 0; rank < ranks; rank++)
        {
            using var loaded = new DividedCodes(new Topology(rank, ranks));
            Assert.Equal(2, LoadPlan.Create(loaded, checkpoint).Execute().Tensors);
            AssertHalves(loaded);
            var held = loaded.Checksums();
            Assert.True(held.Compare(WeightChecksums.Of(checkpoint, held)).IsProof);
            foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
            {
                for (var seed = 0; seed < 6; seed++)
                {
                    new Random(seed).Shuffle(pieces);
                    using var streamed = new DividedCodes(new Topology(rank, ranks));
                    using var refit = streamed.BeginRefit(mode);
                    foreach (var (name, piece, start) in pieces) refit.Write(name, piece, start);
                    Assert.Equal(2, refit.Commit().Tensors);
                    AssertHalves(streamed);
                }
            }
        }

        // Half of the codes is missing, not taken for all.
        using var model = new DividedCodes();
        using var half = model.BeginRefit();
        half.Write("w", Codes(8), [8, 0]);
        half.Write("w_scale", torch.tensor(0.5f));
        Assert.Equal(new LoadProblem(LoadProblemKind.Missing, "w", "w", "all 64 elements that this rank takes of [16, 4]", "32, without [0..7, 0..3]"), Assert.Single(Assert.Throws<LoadException>(() => half.Commit()).Problems));

        static void AssertHalves(DividedCodes model) => Assert.All(model.W.data<float>().ToArray(), value => Assert.Equal(0.5f, value));
    }

    [Fact]
    public void A_piece_of_no_rows_in_a_file_is_no_error()
    {
        WriteAll();
        RankFiles.Write(_folder, 4, ("w", _w[..0], [16, 0]), ("c", _c[.., ..0], [0, 8]));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        using var model = new DividedMatrices();

        LoadPlan.Create(model, checkpoint).Execute();

        AssertWhole(model);
        Assert.Equal(4, checkpoint.Tensors["w"].Pieces.Length);
    }

    [Fact]
    public void Without_the_last_file_the_load_says_what_lacks()
    {
        for (var n = 0; n < 3; n++) RankFiles.Write(_folder, n, Pieces(n, ScalarType.Float32));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        using DividedMatrices model = new(), first = new(new Topology(0, 2));

        var refused = Assert.Throws<LoadException>(() => LoadPlan.Create(model, checkpoint));

        Assert.Equal(
            [
                new LoadProblem(LoadProblemKind.Missing, "c", "c", "all 32 elements that this rank takes of [4, 8]", "24, without [0..3, 6..7]"),
                new LoadProblem(LoadProblemKind.Missing, "w", "w", "all 64 elements that this rank takes of [16, 4]", "48, without [12..15, 0..3]"),
            ],
            refused.Problems.OrderBy(problem => problem.Tensor, StringComparer.Ordinal));
        using var refit = model.BeginRefit();
        refit.Write(checkpoint);
        Assert.Contains("without [12..15, 0..3]", Assert.Throws<LoadException>(() => refit.Commit()).Message);

        // Who needs no more has it.
        LoadPlan.Create(first, checkpoint).Execute();
        Assert.Equal(_w[..8], first.W);
    }

    [Fact]
    public void Pieces_that_do_not_make_up_a_tensor_are_refused_with_where()
    {
        WriteAll();
        RankFiles.Write(_folder, 4, Pieces(1, ScalarType.Float32));
        Assert.Equal(
            [
                "tensor \"c\": [0..3, 2..3] is in shard-00002-model-00001-of-00001.safetensors and in shard-00005-model-00001-of-00001.safetensors.",
                "tensor \"w\": [4..7, 0..3] is in shard-00002-model-00001-of-00001.safetensors and in shard-00005-model-00001-of-00001.safetensors.",
            ],
            Refused());

        File.Delete(_folder.At("shard-00005-model-00001-of-00001.safetensors"));
        File.Delete(_folder.At("shard-00002-model-00001-of-00001.safetensors"));
        Assert.Equal(["tensor \"c\": no file has [0..3, 2..3].", "tensor \"w\": no file has [4..7, 0..3]."], Refused());

        RankFiles.Write(_folder, 1, ("w", _w[3..7], [3, 0]), ("c", _c[.., 2..4], [0, 2]));
        Assert.Equal(["tensor \"w\": [3, 0..3] is in shard-00001-model-00001-of-00001.safetensors and in shard-00002-model-00001-of-00001.safetensors."], Refused());

        RankFiles.Write(_folder, 1, ("w", _w[4..8].to(ScalarType.BFloat16), [4, 0]), ("c", _c[.., 2..4].reshape(8), [2]));
        Assert.Equal(
            [
                "tensor \"c\" is in pieces of F32 with 2 axes in shard-00001-model-00001-of-00001.safetensors, of F32 with 1 in shard-00002-model-00001-of-00001.safetensors.",
                "tensor \"w\" is in pieces of F32 with 2 axes in shard-00001-model-00001-of-00001.safetensors, of BF16 with 2 in shard-00002-model-00001-of-00001.safetensors.",
            ],
            Refused());

        // By itself a piece that begins elsewhere is nothing.
        Assert.Contains("no file has [0..11, 0..3]", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.At("shard-00004-model-00001-of-00001.safetensors"))).Message);
    }

    [Fact]
    public void A_tensor_that_is_whole_in_one_file_is_no_piece()
    {
        WriteAll();
        CheckpointWriter.Write(_folder.At("shard-00005-model-00001-of-00001.safetensors"), [("w", _w)]);
        Assert.StartsWith("tensor \"w\" is whole in shard-00005-model-00001-of-00001.safetensors, and in pieces in shard-00001", Assert.Single(Refused()));

        // A tensor that only one rank wrote, with offsets or without.
        RankFiles.Write(_folder, 4, ("x", _c, [0, 0]));
        CheckpointWriter.Write(_folder.At("shard-00006-model-00001-of-00001.safetensors"), [("y", _c)]);
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal((0, 0), (checkpoint.Tensors["x"].Pieces.Length, checkpoint.Tensors["y"].Pieces.Length));
        Assert.Equal(checkpoint.View(checkpoint.Tensors["x"]), checkpoint.View(checkpoint.Tensors["y"]));
    }

    private IReadOnlyList<string> Refused() => Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Problems;

    private void WriteAll(ScalarType type = ScalarType.Float32)
    {
        for (var n = 0; n < 4; n++) RankFiles.Write(_folder, n, Pieces(n, type));
    }

    private IEnumerable<(string Name, Tensor Piece, long[] Start)> Pieces(int n, ScalarType type) =>
    [
        ("w", _w[(4 * n)..((4 * n) + 4)].to(type), [4 * n, 0]),
        ("c", _c[.., (2 * n)..((2 * n) + 2)].to(type), [0, 2 * n]),
    ];

    private void AssertWhole(DividedMatrices model)
    {
        Assert.Equal(_w, model.W);
        Assert.Equal(_c, model.C);
    }

    private void AssertSecond(DividedMatrices model)
    {
        Assert.Equal(_w[8..], model.W);
        Assert.Equal([4f, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31], model.C.data<float>().ToArray());
    }
}
