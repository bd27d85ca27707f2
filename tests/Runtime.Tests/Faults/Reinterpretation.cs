using System.Text.Json.Nodes;
using CsCheck;
using Lanyard.Checkpoints;

namespace Lanyard.Tests.Faults;

/// <summary>A tensor whose bytes are taken for others: of another type, of another rank. The file stays right.</summary>
/// <param name="Tensor">Which tensor, counted round and round.</param>
/// <param name="Type">The new type.</param>
/// <param name="Before">How many axes of one stand before the elements.</param>
/// <param name="After">How many behind them.</param>
internal sealed record Reinterpretation(uint Tensor, CheckpointType Type, int Before, int After)
{
    /// <summary>Any of them.</summary>
    public static Gen<Reinterpretation> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.UInt[0, 100], CsCheck.Gen.Enum<CheckpointType>().Where(type => type.IsViewable()), CsCheck.Gen.Int[0, 40], CsCheck.Gen.Int[0, 40],
        (tensor, type, before, after) => new Reinterpretation(tensor, type, before, after));

    /// <summary>A header after the change.</summary>
    public string Apply(string header)
    {
        var root = JsonNode.Parse(header)!.AsObject();
        var entries = root.Where(entry => entry.Key != "__metadata__").Select(entry => entry.Value!).ToList();
        var entry = entries[(int)(Tensor % entries.Count)];
        var bytes = entry["data_offsets"]![1]!.GetValue<long>() - entry["data_offsets"]![0]!.GetValue<long>();
        if (bytes % Type.Size() != 0) return header;
        entry["dtype"] = Type.Text();
        entry["shape"] = new JsonArray([.. Enumerable.Repeat(1L, Before).Append(bytes / Type.Size()).Concat(Enumerable.Repeat(1L, After)).Select(size => JsonValue.Create(size))]);
        return root.ToJsonString();
    }
}
