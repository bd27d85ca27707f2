using System.Collections.Immutable;
using Lanyard.Checkpoints;

namespace Lanyard;

/// <summary>A tensor that a checkpoint of a model has, with the parameter that takes elements of it.</summary>
/// <param name="Name">The full name, as usual: without a convention, and without what checkpoints may put before all names.</param>
/// <param name="Type">The element type in which nothing of the parameter is lost; of codes and of what stands beside them, one of those that are read.</param>
/// <param name="Shape">The shape of the whole tensor, as it is stored; default where the values say it, as those of JSON do.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Source">What the class declares of the tensor.</param>
public sealed record ExpectedTensor(string Name, CheckpointType Type, ImmutableArray<long> Shape, BoundParameter Parameter, CheckpointSource Source)
{
    /// <summary>The full name of the parameter.</summary>
    public required string ParameterName { get; init; }

    /// <summary>What is declared of a tensor that stands beside the codes of the source; null for the values or codes themselves.</summary>
    public CompanionEncoding? Companion { get; init; }

    /// <summary>As the header of a file would say it, for <see cref="LoadPlan.Check(IParameterModule, IEnumerable{CheckpointTensor}, LoadOptions?, string?)"/>.</summary>
    public CheckpointTensor Header => new()
    {
        Name = Name,
        DType = Type,
        Shape = Shape.IsDefault ? [0] : Shape,
        File = "",
        Offset = 0,
        Length = (Shape.IsDefault ? [0] : Shape).Aggregate((long)Type.Size(), static (length, size) => checked(length * size)),
    };

    /// <summary>Name, type and shape: <c>model.norm.weight BF16 [64]</c>.</summary>
    public override string ToString() => Header.ToString();
}
