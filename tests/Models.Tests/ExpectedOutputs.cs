using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests;

/// <summary>
/// What transformers computes from a small checkpoint: the tensors of an <c>expected.safetensors</c>. Read without Lanyard's
/// own reader, so that one cannot hide the faults of the other.
/// </summary>
internal sealed class ExpectedOutputs : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = [];

    private ExpectedOutputs()
    {
    }

    /// <summary>A tensor by its name.</summary>
    public Tensor this[string name] => _tensors[name];

    /// <summary>Tokens as int64, [batch sequence].</summary>
    public Tensor InputIds => _tensors["input_ids"];

    /// <summary>[batch sequence vocab]</summary>
    public Tensor Logits => _tensors["logits"];

    /// <summary>[batch (prompt + new)]: prompts of nine tokens and what greedy choice appends.</summary>
    public Tensor GeneratedIds => _tensors["generated_ids"];

    /// <summary>The embedding and what each layer gives, [batch sequence hidden]; the last one is after the last norm.</summary>
    public IReadOnlyList<Tensor> HiddenStates =>
        [.. Enumerable.Range(0, _tensors.Keys.Count(name => name.StartsWith("hidden_states.", StringComparison.Ordinal))).Select(i => _tensors[$"hidden_states.{i}"])];

    /// <summary>Reads the file in a folder.</summary>
    public static ExpectedOutputs Read(string directory)
    {
        var bytes = File.ReadAllBytes(Path.Combine(directory, "expected.safetensors"));
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        var expected = new ExpectedOutputs();
        foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            var type = entry.Value.GetProperty("dtype").GetString() == "I64" ? ScalarType.Int64 : ScalarType.Float32;
            var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            var offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32()).ToArray();
            var value = empty(shape, type).DetachFromDisposeScope();
            bytes.AsSpan(8 + length + offsets[0], offsets[1] - offsets[0]).CopyTo(value.bytes);
            expected._tensors.Add(entry.Name, value);
        }
        return expected;
    }

    /// <summary>The largest difference between two tensors of the same shape.</summary>
    public static double LargestDifference(Tensor one, Tensor other)
    {
        Assert.Equal(one.shape, other.shape);
        using var scope = NewDisposeScope();
        return (one.to(ScalarType.Float64) - other.to(ScalarType.Float64)).abs().max().ReadDouble();
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values) tensor.Dispose();
    }
}
