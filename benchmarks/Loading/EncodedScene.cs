using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Loading.Benchmarks;

/// <summary>A quantised tensor of noise, decoded to bfloat16 into memory that was used before.</summary>
internal sealed unsafe class EncodedScene : IDisposable
{
    public const long Rows = 8192, Columns = 8192;
    private const int Piece = 1 << 16;

    private static readonly Random Noise = new(1);

    private readonly ValueEncoding _encoding;
    private readonly Tensor _codes;
    private readonly Tensor[] _companions;
    private readonly Func<Tensor, Tensor[], Tensor> _peer;
    private readonly Tensor _to = torch.ones([Rows, Columns], ScalarType.BFloat16);

    private EncodedScene(string name, CodeLayout layout, string value, Tensor codes, (CompanionEncoding Companion, Tensor Tensor)[] companions, Func<Tensor, Tensor[], Tensor> peer)
    {
        (_codes, _companions, _peer) = (codes, [.. companions.Select(pair => pair.Tensor)], peer);
        _encoding = new ValueEncoding(name, "weight", layout, value) { Companions = [.. companions.Select(pair => pair.Companion)] };
    }

    public static IEnumerable<Func<EncodedScene>> All =>
    [
        () => new("FP8, 128 x 128", new(CodeType.Number), "code * scale", Bytes(CheckpointType.F8_E4M3, Rows, Columns), [Companion("scale", "128 128", torch.rand(Rows / 128, Columns / 128))],
            (codes, all) => EncodedPeers.Blocks(codes, all[0], Rows, Columns)),
        () => new("FP8, a row", new(CodeType.Number), "code * scale", Bytes(CheckpointType.F8_E4M3, Rows, Columns), [Companion("scale", "1 *", torch.rand(Rows, 1).to(ScalarType.BFloat16))],
            (codes, all) => codes.to(ScalarType.Float32) * all[0].to(ScalarType.Float32)),
        () => new("FP8 E5M2, a row", new(CodeType.Number), "code * scale", Bytes(CheckpointType.F8_E5M2, Rows, Columns), [Companion("scale", "1 *", torch.rand(Rows, 1))],
            (codes, all) => codes.to(ScalarType.Float32) * all[0]),
        () => new("MXFP8", new(CodeType.Number), "code * scale", Bytes(CheckpointType.F8_E4M3, Rows, Columns), [Companion("scale", "1 32", Bytes(CheckpointType.U8, Rows, Columns / 32), CodeType.Exponent)],
            (codes, all) => codes.to(ScalarType.Float32).view(-1, 32) * EncodedPeers.Wide(all[0]).view(-1, 1)),
        () => new("MXFP4", Packed(CodeType.E2M1, 8), "code * scale", Bytes(CheckpointType.U8, Rows, Columns / 2), [Companion("scale", "1 32", Bytes(CheckpointType.U8, Rows, Columns / 32), CodeType.Exponent)],
            (codes, all) => EncodedPeers.Pairs(codes, EncodedPeers.Wide(all[0]), 32)),
        () => new("NVFP4", Packed(CodeType.E2M1, 8), "code * (scale * scale_2)", Bytes(CheckpointType.U8, Rows, Columns / 2), [Companion("scale", "1 16", Bytes(CheckpointType.F8_E4M3, Rows, Columns / 16)), Companion("scale_2", "", torch.rand(1))],
            (codes, all) => EncodedPeers.Pairs(codes, EncodedPeers.Wide(all[0]) * all[1], 16)),
        () => new("INT4, 128", Packed(CodeType.UInt, 32), "(code - 8) * scale", Words(Rows, Columns / 8), [Companion("scale", "1 128", torch.rand(Rows, Columns / 128).to(ScalarType.BFloat16))],
            (codes, all) => EncodedPeers.Words(codes, all[0], 128)),
        () => new("INT4, 32", Packed(CodeType.UInt, 32), "(code - 8) * scale", Words(Rows, Columns / 8), [Companion("scale", "1 32", torch.rand(Rows, Columns / 32).to(ScalarType.BFloat16))],
            (codes, all) => EncodedPeers.Words(codes, all[0], 32)),
        () => new("INT8, a row", new(CodeType.Number), "code * scale", Bytes(CheckpointType.I8, Rows, Columns), [Companion("scale", "1 *", torch.rand(Rows, 1))],
            (codes, all) => codes.to(ScalarType.Float32) * all[0]),
        () => Gptq("GPTQ", torch.arange(0, Rows, dtype: ScalarType.Int32).floor_divide(torch.tensor(128))),
        () => Gptq("GPTQ, rows in any order", torch.randint(0, Rows / 128, [Rows], ScalarType.Int32)),
        () => new("AWQ", Packed(CodeType.UInt, 32) with { Order = [0, 4, 1, 5, 2, 6, 3, 7] }, "(code - zero) * scale", Words(Rows, Columns / 8),
            [
                (new CompanionEncoding("zero", "qzeros", Packed(CodeType.UInt, 32) with { Order = [0, 4, 1, 5, 2, 6, 3, 7] }) { Covers = ["128 1"] }, Words(Rows / 128, Columns / 8)),
                Companion("scale", "128 1", torch.rand(Rows / 128, Columns).to(ScalarType.Float16)),
            ],
            null!),
        () => new("NF4", Packed(CodeType.UInt, 8) with { Order = [1, 0] }, "table[code] * absmax", Bytes(CheckpointType.U8, Rows, Columns / 2), [(new CompanionEncoding("table", "map", new(CodeType.Number)), torch.rand(16)), Companion("absmax", "1 64", torch.rand(Rows, Columns / 64))],
            null!),
    ];

    public static long Size => Rows * Columns * 2;

    public string Name => _encoding.Name;

    public IEnumerable<Contender> Contenders()
    {
        yield return new Contender("Lanyard", () => new Turn(Decode, () => { }));
        if (_peer is null) yield break;
        yield return new Contender("TorchSharp: tensor operations, copy_", () => new Turn(Peer, () => { }));
    }

    public void Dispose()
    {
        _codes.Dispose();
        _to.Dispose();
        foreach (var companion in _companions) companion.Dispose();
    }

    private static EncodedScene Gptq(string name, Tensor index) =>
        new(name, Packed(CodeType.UInt, 32) with { Axis = -2 }, "(code - (zero + 1 & 15)) * scale", Words(Rows / 8, Columns),
            [
                (new CompanionEncoding("zero", "qzeros", Packed(CodeType.UInt, 32)) { Covers = ["128 1"], Through = "index" }, Words(Rows / 128, Columns / 8)),
                (new CompanionEncoding("scale", "scales", new(CodeType.Number)) { Covers = ["128 1"], Through = "index" }, torch.rand(Rows / 128, Columns).to(ScalarType.Float16)),
                Companion("index", "1 *", index.to(ScalarType.Int32)),
            ],
            (codes, all) => EncodedPeers.Gptq(codes, all[0], all[1], all[2], Rows, Columns));

    private static CodeLayout Packed(CodeType type, int word) => new(type) { Bits = 4, Word = word };

    private static (CompanionEncoding, Tensor) Companion(string name, string covers, Tensor tensor, CodeType type = CodeType.Number) => (new CompanionEncoding(name, name, new(type)) { Covers = [covers] }, tensor);

    private static Tensor Bytes(CheckpointType type, params long[] shape)
    {
        var tensor = torch.empty(shape, dtype: type.ToScalarType());
        var bytes = tensor.bytes;
        Noise.NextBytes(bytes);
        // Numbers alone: what is none is as quick here, and slower in nothing.
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= 0xbf;
        return tensor;
    }

    private static Tensor Words(params long[] shape)
    {
        var tensor = torch.empty(shape, dtype: ScalarType.Int32);
        Noise.NextBytes(tensor.bytes);
        return tensor;
    }

    private void Decode()
    {
        var values = new EncodedValues(_encoding, [Rows, Columns], _codes, _companions, [.. _encoding.Companions.Select(companion => companion.Covers.Length - 1)]);
        var (to, count, next) = (TensorAddress.Of(_to), Rows * Columns, -1L);
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            for (long at; (at = Interlocked.Increment(ref next) * Piece) < count;) values.Decode(at, new Span<ushort>((ushort*)to + at, (int)Math.Min(Piece, count - at)));
        });
    }

    private void Peer()
    {
        using var scope = NewDisposeScope();
        _to.copy_(_peer(_codes, _companions).view(Rows, Columns));
    }
}
