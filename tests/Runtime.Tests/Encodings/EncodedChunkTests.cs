using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Field;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>Published forms of which the codes, and what stands beside them, come in chunks: the same as if all had come whole.</summary>
public sealed class EncodedChunkTests : IDisposable
{
    private readonly TensorFiles _files = new();
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, string> Matrices => FormLoadTests.Matrices;

    public void Dispose()
    {
        _scope.Dispose();
        _files.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Chunks_in_any_order_are_the_whole(string name, string form)
    {
        using var stored = new EncodingCase(name);
        var (tensors, shape) = (stored.Stored("p"), stored.Values().shape);
        var random = new Random(name.Length);
        foreach (var topology in new[] { Topology.Single, new Topology(1, 2) }.Where(topology => shape[0] % topology.TensorSize == 0))
        {
            using var expected = new FormMatrix(topology, shape[0], shape[1], ScalarType.Float32);
            var report = _files.Load(expected, tensors, new LoadOptions { Format = form });
            for (var i = 0; i < 4; i++)
            {
                // Of a table and of what is no tensor of numbers only a file knows the size.
                var chunks = tensors.SelectMany(tensor => Cut(random, tensor.Key, tensor.Value, tensor.Key.Contains("quant_", StringComparison.Ordinal) ? 0 : random.Next(5))).ToArray();
                random.Shuffle(chunks);
                using var streamed = new FormMatrix(topology, shape[0], shape[1], ScalarType.Float32);
                using (var refit = streamed.BeginRefit(i % 2 == 0 ? RefitMode.Staged : RefitMode.InPlace, options: new LoadOptions { Format = form }))
                {
                    foreach (var (tensor, chunk, start) in chunks)
                    {
                        // The memory is the caller's again at once.
                        using var own = chunk.clone();
                        Write(refit, tensor, own, start);
                        own.bytes.Clear();
                    }
                    Assert.Equal(report.Tensors, refit.Commit().Tensors);
                }
                Assert.Equal(Bits.Of(expected.Weight), Bits.Of(streamed.Weight));

                // One less, or one twice, is said.
                var at = random.Next(chunks.Length);
                var odd = chunks[at];
                if (odd.Chunk.shape.SequenceEqual(tensors[odd.Name].shape) || odd.Name.EndsWith("_shape", StringComparison.Ordinal)) continue;
                using var wrong = streamed.BeginRefit(options: new LoadOptions { Format = form });
                foreach (var (tensor, chunk, start) in i < 2 ? chunks.Append(odd) : chunks.Where((_, n) => n != at)) Write(wrong, tensor, chunk, start);
                Assert.Contains((i < 2 ? LoadProblemKind.Duplicate : LoadProblemKind.Missing, odd.Name), Assert.Throws<LoadException>(() => wrong.Commit()).Problems.Select(problem => (problem.Kind, problem.Tensor)));

            }
        }

        void Write(RefitSession session, string tensor, Tensor chunk, long[] start)
        {
            if (chunk.shape.SequenceEqual(tensors[tensor].shape)) session.Write(tensor, chunk);
            else session.Write(tensor, chunk, start);
        }
    }

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Pieces_in_files_are_the_whole(string name, string form)
    {
        using var stored = new EncodingCase(name);
        var (tensors, shape) = (stored.Stored("p"), stored.Values().shape);
        var random = new Random(name.Length);
        var pieces = tensors.SelectMany(tensor => Cut(random, tensor.Key, tensor.Value, 4)).GroupBy(piece => piece.Name).SelectMany(group => group.Index().Select(piece => (Rank: piece.Index, piece.Item)));
        foreach (var rank in pieces.GroupBy(piece => piece.Rank)) RankFiles.Write(_folder, rank.Key, rank.Select(piece => piece.Item));
        using var checkpoint = Checkpoint.Open(_folder.Path);
        using FormMatrix expected = new(Topology.Single, shape[0], shape[1], ScalarType.Float32), loaded = new(Topology.Single, shape[0], shape[1], ScalarType.Float32);
        var options = new LoadOptions { Format = form };
        var report = _files.Load(expected, tensors, options);

        Assert.Equal(report.Tensors, LoadPlan.Create(loaded, checkpoint, options).Execute().Tensors);
        Assert.Equal(Bits.Of(expected.Weight), Bits.Of(loaded.Weight));
        using var refit = loaded.BeginRefit(RefitMode.InPlace, options: options);
        refit.Write(checkpoint);
        refit.Commit();
        Assert.Equal(Bits.Of(expected.Weight), Bits.Of(loaded.Weight));
    }

    [Fact]
    public void Scales_of_which_one_row_could_be_all_wait_for_the_others()
    {
        using EncodedLinear model = new(2, 4), one = new(2, 4);
        var (codes, scales) = (torch.ones(2, 4).to(CheckpointType.F8_E4M3.ToScalarType()), torch.tensor(new[] { 2f, 3f }));
        foreach (var order in new[] { (0, 1), (1, 0) })
        {
            using var refit = model.BeginRefit();
            refit.Write("norm.weight", torch.zeros(4));
            refit.Write("rounded", torch.zeros(2));
            refit.Write("weight", codes);
            foreach (var row in new[] { order.Item1, order.Item2 }) refit.Write("weight_scale", scales[row..(row + 1)], [row]);
            refit.Commit();
            Assert.Equal(2f, model.Weight[3, 0].item<float>());
            Assert.Equal(3f, model.Weight[3, 1].item<float>());
        }

        // That there are no others nobody says.
        using (var refit = one.BeginRefit())
        {
            refit.Write("norm.weight", torch.zeros(4));
            refit.Write("rounded", torch.zeros(2));
            refit.Write("weight_scale", scales[1..], [0]);
            refit.Write("weight", codes[..1], [0, 0]);
            refit.Write("weight", codes[1..], [1, 0]);
            Assert.Equal(
                new LoadProblem(LoadProblemKind.Missing, "weight_scale", "weight", "all 2 elements that this rank takes of [2]; all of it would be [1], brought whole or with LoadOptions.Format", "1, without [1]"),
                Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems));
        }
    }

    [Fact]
    public void Chunks_that_are_no_chunks_of_the_tensor_are_refused()
    {
        using var model = new EncodedLinear(6, 4);
        var type = CheckpointType.F8_E4M3.ToScalarType();
        var rest = new Dictionary<string, Tensor> { ["weight"] = torch.ones(6, 4).to(type), ["weight_scale"] = torch.ones(6), ["norm.weight"] = torch.zeros(4), ["rounded"] = torch.zeros(6) };
        _files.Load(model, rest);
        var before = Bits.Of(model.Weight);
        using (var refit = model.BeginRefit())
        {
            refit.Write("norm.weight", rest["norm.weight"]);
            refit.Write("rounded", rest["rounded"]);
            refit.Write("weight", rest["weight"][..2], [0, 0]);
            refit.Write("weight", rest["weight"][..3], [4, 0]);
            refit.Write("weight_scale", rest["weight_scale"][..3], [0]);
            refit.Write("weight_scale", rest["weight_scale"][..3].to(ScalarType.BFloat16), [3]);
            Assert.Equal(
                [
                    new LoadProblem(LoadProblemKind.WrongShape, "weight", "weight", "a part of [6, 4]", "[3, 4] from [4, 0]"),
                    new LoadProblem(LoadProblemKind.WrongType, "weight_scale", "weight", "the type of the chunks before", "BF16"),
                ],
                Assert.Throws<LoadException>(() => refit.Commit()).Problems.AsEnumerable());
        }
        Assert.Equal(before, Bits.Of(model.Weight));
    }

    private static IEnumerable<(string Name, Tensor Chunk, long[] Start)> Cut(Random random, string name, Tensor tensor, int cuts)
    {
        var axis = tensor.dim() == 0 ? -1 : random.Next((int)tensor.dim());
        var start = new long[tensor.dim()];
        if (cuts == 0 || axis < 0 || tensor.shape[axis] < 2) return [(name, tensor, start)];
        var at = random.NextInt64(1, tensor.shape[axis]);
        return Cut(random, name, tensor.narrow(axis, 0, at), (cuts - 1) / 2)
            .Concat(Cut(random, name, tensor.narrow(axis, at, tensor.shape[axis] - at), cuts / 2)
                .Select(chunk => (chunk.Name, chunk.Chunk, chunk.Start.Select((first, d) => d == axis ? first + at : first).ToArray())));
    }
}
