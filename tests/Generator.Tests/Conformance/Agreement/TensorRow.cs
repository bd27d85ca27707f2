extern alias runtime;

using System.Globalization;
using System.Text;
using Lanyard.Tests;
using runtime::Lanyard.Checkpoints;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>A row of a tensor list.</summary>
/// <param name="Name">The name, perhaps folded.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The sizes.</param>
internal sealed record TensorRow(string Name, string Type, long[] Shape)
{
    /// <summary>A list, as the compiler reads it.</summary>
    public static string Json(IEnumerable<TensorRow> rows)
    {
        var text = new StringBuilder("{\"tensors\": [\n");
        text.AppendJoin(",\n", rows.Select(static row => string.Create(CultureInfo.InvariantCulture, $"{{\"name\": \"{row.Name}\", \"dtype\": \"{row.Type}\", \"shape\": [{string.Join(", ", row.Shape)}]}}")));
        return text.Append("\n]}\n").ToString();
    }

    /// <summary>The tensors, as a load sees them.</summary>
    public IEnumerable<CheckpointTensor> Headers()
    {
        if (!CheckpointTypes.TryParse(Type, out var type)) throw new InvalidDataException($"{Name} has the type {Type}.");
        foreach (var name in FoldedManifest.Names(Name))
            yield return new CheckpointTensor { Name = name, DType = type, Shape = [.. Shape], File = "", Offset = 0, Length = Shape.Aggregate((long)type.Size(), static (length, size) => length * size) };
    }

    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";
}
