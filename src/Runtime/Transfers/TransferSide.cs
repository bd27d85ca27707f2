using System.Collections.Immutable;

namespace Lanyard;

/// <summary>
/// One side of a transfer: a class with its sizes, and which ranks of it are which processes. Several processes may have one topology: they are replicas.
/// </summary>
public sealed class TransferSide
{
    /// <summary>Describes a side whose models are made when the plan is: one for each pipeline stage, best on the meta device, which keeps no values.</summary>
    /// <param name="make">Makes the model of a rank. Only what it declares is looked at, and it is disposed of when the plan is made.</param>
    /// <param name="ranks">The ranks.</param>
    /// <exception cref="ArgumentException">There is no rank, or a process is named twice.</exception>
    public TransferSide(Func<Topology, IParameterModule> make, IEnumerable<TransferRank> ranks)
        : this(ranks)
    {
        ArgumentNullException.ThrowIfNull(make);
        Make = make;
    }

    /// <summary>Describes a side by one of its models, or by any other of the same sizes. No value of it is read.</summary>
    /// <param name="model">The model: of any rank of the same pipeline stage as all that are given.</param>
    /// <param name="ranks">The ranks.</param>
    /// <exception cref="ArgumentException">There is no rank, a process is named twice, or a rank is of another pipeline stage than the model.</exception>
    public TransferSide(IParameterModule model, IEnumerable<TransferRank> ranks)
        : this(ranks)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        var own = model.Parameters.Topology;
        if (Ranks.FirstOrDefault(rank => !SameStage(rank.Topology, own)) is { } other)
            throw new ArgumentException($"{other} is of another pipeline stage than the model, which is of stage {own.PipelineRank} of {own.PipelineSize}: give what makes the models.", nameof(ranks));
    }

    private TransferSide(IEnumerable<TransferRank> ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        Ranks = [.. ranks];
        if (Ranks.IsEmpty) throw new ArgumentException("A side of a transfer has one rank or more.", nameof(ranks));
        if (Ranks.GroupBy(rank => rank.Process).FirstOrDefault(process => process.Count() > 1) is { } twice)
            throw new ArgumentException($"{string.Join(" and ", twice)} are one process: a process is one rank of a side.", nameof(ranks));
    }

    /// <summary>The ranks, in the order in which they were given.</summary>
    public ImmutableArray<TransferRank> Ranks { get; }

    /// <summary>The format of the sources to match tensors by, for parameters that have it; null for whichever both sides have.</summary>
    public string? Format { get; init; }

    /// <summary>
    /// The placement of experts of a module, given its path as for <see cref="PlacementExtensions.PlaceExperts(IParameterModule, Func{string, ExpertPlacement})"/>; null, or a
    /// function that gives null, for that of the ranks' topologies.
    /// </summary>
    public Func<string, ExpertPlacement?>? PlacementOf { get; init; }

    internal Func<Topology, IParameterModule>? Make { get; }

    internal IParameterModule? Model { get; }

    /// <summary>Ranks for every topology of one size, in order: expert ranks slowest within a stage, tensor ranks fastest.</summary>
    /// <param name="tensorSize">The number of tensor-parallel ranks.</param>
    /// <param name="expertSize">The number of expert-parallel ranks.</param>
    /// <param name="pipelineSize">The number of pipeline stages.</param>
    /// <param name="first">The process of the first rank; the others follow.</param>
    /// <param name="replicas">How many processes have each topology: replica after replica.</param>
    /// <param name="placement">Where experts are; null for the usual.</param>
    public static ImmutableArray<TransferRank> RanksOf(int tensorSize, int expertSize = 1, int pipelineSize = 1, int first = 0, int replicas = 1, ExpertPlacement? placement = null) =>
    [
        .. from replica in Enumerable.Range(0, replicas)
           from stage in Enumerable.Range(0, pipelineSize)
           from expert in Enumerable.Range(0, expertSize)
           from tensor in Enumerable.Range(0, tensorSize)
           select new TransferRank(first + (((((replica * pipelineSize) + stage) * expertSize) + expert) * tensorSize) + tensor, new Topology(tensor, tensorSize, expert, expertSize, stage, pipelineSize) { ExpertPlacement = placement ?? ExpertPlacement.Linear }),
    ];

    /// <summary>Whether two ranks hold parts of the same modules.</summary>
    internal static bool SameStage(Topology left, Topology right) =>
        (left.PipelineRank, left.PipelineSize) == (right.PipelineRank, right.PipelineSize) && Layouts.Sequences.Same(left.LayersOfStages, right.LayersOfStages);
}
