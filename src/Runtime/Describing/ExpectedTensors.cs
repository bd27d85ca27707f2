using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Live;

namespace Lanyard.Describing;

/// <summary>Lists the tensors that checkpoints of a model have.</summary>
internal static class ExpectedTensors
{
    // A table of codes of eight bits serves those of fewer, too.
    private const long TableLength = 256;

    private static readonly CheckpointType[] Codes = [CheckpointType.F32, CheckpointType.F8_E4M3, CheckpointType.U8, CheckpointType.I8, .. Enum.GetValues<CheckpointType>()];
    private static readonly CheckpointType[] Companions = [CheckpointType.F32, CheckpointType.U8, CheckpointType.I32, .. Enum.GetValues<CheckpointType>()];

    public static IEnumerable<ExpectedTensor> Of(ModelIndex index, string? format)
    {
        FormatNames.Check(index, format);
        return
            from parameter in index.Parameters
            where parameter.Formats.Count > 0
            from use in ChosenFormat.Of(parameter, format).Uses
            from tensor in Of(use)
            select tensor;
    }

    private static IEnumerable<ExpectedTensor> Of(TensorUse use)
    {
        var (parameter, bound) = (use.Parameter, use.Parameter.Bound);
        var own = CheckpointTypes.TryFromScalarType(bound.ModelType, out var known) ? known : CheckpointType.F32;
        yield return new ExpectedTensor(use.Tensor.Name, Codes.Prepend(own).FirstOrDefault(type => use.Encoding.Takes(StoredType.Of(type), bound.ModelType, use.Narrow), own), use.Stored, bound, use.Source) { ParameterName = parameter.Name };
        foreach (var (position, companion) in use.Encoding.Companions.Index())
        {
            var type = Companions.First(type => use.Encoding.TakesCompanion(position, StoredType.Of(type)));
            yield return new ExpectedTensor(use.Companions[position].Name, type, Shape(use, position), bound, use.Source) { ParameterName = parameter.Name, Companion = companion };
        }
    }

    private static ImmutableArray<long> Shape(TensorUse use, int companion)
    {
        var declared = use.Encoding.Companions[companion];
        return declared.Layout.Type == CodeType.Json ? default : declared.Covers.IsEmpty ? [TableLength] : use.Encoding.CompanionShapes(companion, use.Shape)[0];
    }
}
