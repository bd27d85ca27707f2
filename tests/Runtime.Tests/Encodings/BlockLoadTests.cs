using Lanyard.Checkpoints;
using Lanyard.Encodings.Gguf;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Gguf;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>Blocks are decoded where they are read: whole or in part, turned or not, in several pieces, and what is not decoded is refused when it is asked for.</summary>
public sealed class BlockLoadTests : IDisposable
{
    private const uint Q8_0 = 8, Q4_K = 12, IQ1_S = 19;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Pieces have 65,536 elements: rows of one outer index, several of them, parts of a row.</summary>
    [Theory]
    [InlineData(Q8_0, 3, 5, 64, 1)]
    [InlineData(Q8_0, 3, 5, 96, 4)]
    [InlineData(Q8_0, 70, 90, 32, 1)]
    [InlineData(Q8_0, 2, 700, 96, 2)]
    [InlineData(Q8_0, 2, 3, 65568, 3)]
    [InlineData(Q4_K, 2, 3, 512, 8)]
    [InlineData(Q4_K, 1, 2, 131328, 2)]
    public void Every_part_of_every_shape_is_what_it_stands_for(uint number, int outer, int rows, int columns, int ranks)
    {
        var type = number == Q8_0 ? CheckpointType.Q8_0 : CheckpointType.Q4_K;
        var (cube, matrix, norm) = (Noise(type, outer * rows * columns), Noise(type, outer * rows * columns), Noise(type, columns));
        using var checkpoint = Checkpoint.Open(_folder.Write("x.gguf", new GgufFile()
            .Tensor("cube", number, [outer, rows, columns], cube).Tensor("matrix", number, [outer * rows, columns], matrix).Tensor("norm", number, [columns], norm).Bytes()));
        float[] cubeValues = Values(type, cube), matrixValues = Values(type, matrix), normValues = Values(type, norm);
        foreach (var kind in new[] { ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16 })
        {
            for (var rank = 0; rank < ranks; rank++)
            {
                using var scope = NewDisposeScope();
                using var model = new BlockCube(outer, rows, columns, new Topology(rank, ranks), kind);

                // The sums of the norm are rounded to the narrower ones.
                LoadPlan.Create(model, checkpoint, new LoadOptions { AllowNarrowing = kind != ScalarType.Float32 }).Execute();
                var share = columns / ranks;
                Tensor Part(float[] values, params long[] shape) => torch.tensor(values).view(shape).narrow(-1, rank * share, share);

                Same(Part(cubeValues, outer, rows, columns).permute(2, 0, 1), model.Cube);
                Same(Part(matrixValues, outer, rows, columns).reshape(outer, rows * share), model.Matrix);
                Same(Part(normValues, columns).Plus(1), model.Norm);
            }
        }
    }

    [Fact]
    public void A_type_that_is_not_decoded_is_refused_where_a_parameter_wants_it()
    {
        using var checkpoint = Checkpoint.Open(_folder.Write("x.gguf", Cube("cube").Tensor("norm", IQ1_S, [256], new byte[50]).Bytes()));
        using var model = new BlockCube(1, 1, 256);

        var error = Assert.Throws<LoadException>(() => LoadPlan.Create(model, checkpoint));

        Assert.Equal(new LoadProblem(LoadProblemKind.WrongType, "norm", "norm", "F32", "IQ1_S, which is not decoded"), Assert.Single(error.Problems));
        using var other = Checkpoint.Open(_folder.Write("y.gguf", Cube("cube").Tensor("norm", Q4_K, [256], Noise(CheckpointType.Q4_K, 256)).Bytes()));
        LoadPlan.Create(model, other).Execute();
        var asked = model.Checksums();
        Assert.True(asked.Compare(WeightChecksums.Of(other, asked)).IsProof);
        Assert.Contains("tensor \"norm\": IQ1_S is 256 elements in 50 bytes", Assert.Throws<CheckpointException>(() => WeightChecksums.Of(checkpoint, asked)).Message);
    }

    [Fact]
    public void Blocks_fill_no_integers_and_need_no_scales()
    {
        using var checkpoint = Checkpoint.Open(_folder.Write("x.gguf", new GgufFile()
            .Tensor("weight", Q8_0, [6, 32], Noise(CheckpointType.Q8_0, 192)).Tensor("weight_scale", Q8_0, [32], Noise(CheckpointType.Q8_0, 32))
            .Tensor("norm.weight", Q8_0, [32], Noise(CheckpointType.Q8_0, 32)).Tensor("rounded", 0, [6], new byte[24]).Bytes()));
        using var model = new EncodedLinear(6, 32);

        var error = Assert.Throws<LoadException>(() => LoadPlan.Create(model, checkpoint));

        Assert.Contains(new LoadProblem(LoadProblemKind.WrongType, "weight", "weight", "F8_E4M3, F8_E5M2 or I8", "Q8_0"), error.Problems);
        Assert.Contains(error.Problems, problem => problem.Tensor == "weight_scale");
        Assert.Equal(2, error.Problems.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_names_of_a_tensor_have_the_same_blocks(bool same)
    {
        var blocks = Noise(CheckpointType.Q4_K, 256);
        byte[] other = [.. blocks];
        if (!same) other[20] ^= 1;
        using var checkpoint = Checkpoint.Open(_folder.Write("x.gguf", new GgufFile()
            .Tensor("cube", Q4_K, [1, 1, 256], blocks).Tensor("turned", Q4_K, [1, 1, 256], other).Tensor("matrix", Q4_K, [1, 256], blocks).Tensor("norm", Q4_K, [256], blocks).Bytes()));
        using var model = new BlockCube(1, 1, 256);
        if (same) LoadPlan.Create(model, checkpoint).Execute();
        else Assert.Contains(Assert.Throws<LoadException>(() => LoadPlan.Create(model, checkpoint).Execute()).Problems, problem => problem.Kind == LoadProblemKind.TiedDiffer);
    }

    private static GgufFile Cube(string name) => new GgufFile()
        .Tensor(name, Q4_K, [1, 1, 256], Noise(CheckpointType.Q4_K, 256)).Tensor("matrix", Q4_K, [1, 256], Noise(CheckpointType.Q4_K, 256));

    /// <summary>Blocks of random codes whose scales are small numbers.</summary>
    private static byte[] Noise(CheckpointType type, int elements)
    {
        var bytes = new byte[elements / type.BlockElements() * type.BlockBytes()];
        new Random(elements).NextBytes(bytes);
        for (var at = 0; at < bytes.Length; at += type.BlockBytes())
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(at), (Half)(0.001f + (at % 97 * 0.0001f)));
            if (type == CheckpointType.Q4_K) BitConverter.TryWriteBytes(bytes.AsSpan(at + 2), (Half)0.01f);
        }
        return bytes;
    }

    private static float[] Values(CheckpointType type, byte[] bytes)
    {
        var values = new float[bytes.Length / type.BlockBytes() * type.BlockElements()];
        GgufValues.Decode<float>(type, bytes, values);
        return values;
    }

    private static void Same(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.shape, found.shape);
        Assert.Equal(Bits.Of(expected.to(found.dtype)), Bits.Of(found));
    }
}
