using Lanyard.Checkpoints;
using Lanyard.Testing.Checks;
using TorchSharp;

namespace Lanyard.Testing;

/// <summary>
/// Checks of a class whose parameters are tied to their loaders, without a test framework: each throws one exception that lists everything that is wrong.
/// </summary>
/// <remarks>
/// Models are small and their sizes all differ. What is believed of a class is what it declares, so that no check of this kind sees
/// <c>(head_dim heads)</c> in the place of <c>(heads head_dim)</c>, or gate and up exchanged: only the outputs of a reference do, see <see cref="Outputs"/>.
/// </remarks>
public static class ModelTest
{
    /// <summary>
    /// Checks a class against itself: sizes differ; random tensors in each declared format load, come back from an export with the same bits, and again
    /// after each refit; refits of some tensors leave the others; ranks are together what the whole is.
    /// </summary>
    /// <typeparam name="TModel">The class.</typeparam>
    /// <param name="make">Makes an instance of a small configuration, under a topology; it is asked several times.</param>
    /// <param name="options">What the check is told of the class.</param>
    /// <returns>What was checked.</returns>
    /// <exception cref="ModelTestException">Lists everything that is wrong.</exception>
    /// <exception cref="ArgumentException">The factory returned nothing, or an instance again. What it throws itself for one rank that holds everything comes out as it is.</exception>
    public static ModelTestReport Check<TModel>(Func<Topology, TModel> make, ModelTestOptions? options = null)
        where TModel : torch.nn.Module, IParameterModule
    {
        ArgumentNullException.ThrowIfNull(make);
        return new ModelChecks(topology => make(topology), options ?? new ModelTestOptions()).Run(null, null, "");
    }

    /// <summary>
    /// Checks a class against a checkpoint, and then as without one: every tensor of it is taken, with its shape and type, loads, and comes back from an
    /// export with the same bits. Of a <see cref="TensorList"/>, names, shapes and types are compared; on the meta device it may be of any size.
    /// </summary>
    /// <typeparam name="TModel">The class.</typeparam>
    /// <param name="make">Makes an instance of the configuration that belongs to the checkpoint, under a topology; it is asked several times.</param>
    /// <param name="checkpoint">A folder or file with a checkpoint, or a file <c>.json</c> with a list of tensors.</param>
    /// <param name="options">What the check is told of the class.</param>
    /// <returns>What was checked.</returns>
    /// <exception cref="ModelTestException">Lists everything that is wrong.</exception>
    /// <exception cref="ArgumentException">As without a checkpoint.</exception>
    /// <exception cref="CheckpointException">The checkpoint cannot be opened.</exception>
    /// <exception cref="FormatException">The list cannot be read.</exception>
    public static ModelTestReport Check<TModel>(Func<Topology, TModel> make, string checkpoint, ModelTestOptions? options = null)
        where TModel : torch.nn.Module, IParameterModule
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentException.ThrowIfNullOrEmpty(checkpoint);
        if (checkpoint.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !checkpoint.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase))
            return new ModelChecks(topology => make(topology), options ?? new ModelTestOptions()).Run(TensorList.Read(checkpoint), null, checkpoint);
        using var opened = Checkpoint.Open(checkpoint);
        return Check(make, opened, options);
    }

    /// <inheritdoc cref="Check{TModel}(Func{Topology, TModel}, string, ModelTestOptions)"/>
    /// <param name="make">Makes an instance of the configuration that belongs to the checkpoint, under a topology; it is asked several times.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="options">What the check is told of the class.</param>
    public static ModelTestReport Check<TModel>(Func<Topology, TModel> make, Checkpoint checkpoint, ModelTestOptions? options = null)
        where TModel : torch.nn.Module, IParameterModule
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(checkpoint);
        return new ModelChecks(topology => make(topology), options ?? new ModelTestOptions()).Run([.. checkpoint.Tensors.Values], checkpoint, checkpoint.Path);
    }

    /// <summary>
    /// Runs a model on ranks, which are threads of this process, and compares what each of them returns with what one rank returns that holds everything: the
    /// one check that sees what a forward pass makes of slices.
    /// </summary>
    /// <typeparam name="TModel">The class.</typeparam>
    /// <param name="make">Makes an instance under a topology; it is asked from several threads at once.</param>
    /// <param name="run">Runs an instance on inputs that are the same each time, and returns the output.</param>
    /// <param name="ranks">The topologies to try, each on all of its ranks: <c>new Topology(0, 2)</c> stands for both.</param>
    /// <param name="checkpoint">A folder or file with the weights; null for random ones.</param>
    /// <param name="tolerance">The most by which a value may differ, relative to the largest expected one where that is above 1. Sums over ranks round otherwise: float32 is what to try it in.</param>
    /// <returns>The most by which a value differs.</returns>
    /// <exception cref="ModelTestException">A rank returns another shape or other values.</exception>
    /// <exception cref="ArgumentException">No topology is given, or one has pipeline stages.</exception>
    public static double Ranks<TModel>(Func<Topology, TModel> make, Func<TModel, torch.Tensor> run, IReadOnlyCollection<Topology> ranks, string? checkpoint = null, double tolerance = 1e-4)
        where TModel : torch.nn.Module, IParameterModule
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        ArgumentOutOfRangeException.ThrowIfZero(ranks.Count, nameof(ranks));
        if (ranks.FirstOrDefault(topology => topology.PipelineSize > 1) is { } staged) throw new ArgumentException($"One topology has {staged.PipelineSize} pipeline stages, and a stage does not return what the whole does: leave them to a test of your own.", nameof(ranks));
        var findings = new Findings();
        var difference = RankOutputCheck.Run(make, run, ranks, checkpoint, tolerance, findings);
        return findings.Problems.Count == 0 ? difference : throw new ModelTestException(typeof(TModel).Name, [.. findings.Problems]);
    }

    /// <summary>Compares what a model computes with what a reference has computed from the same weights: the one check that sees what shapes and bits do not.</summary>
    /// <param name="expected">A safetensors file with the inputs and the outputs of the reference, by name.</param>
    /// <param name="run">Given all tensors of the file, runs the model on those that are inputs and returns the outputs that are to be compared, by their names in the file. They are disposed of.</param>
    /// <param name="tolerance">The most by which a value may differ, relative to the largest expected one where that is above 1.</param>
    /// <returns>For each output, the most by which a value differs.</returns>
    /// <exception cref="ModelTestException">An output is not in the file, has another shape, is not a number, or differs by more.</exception>
    /// <exception cref="ArgumentException">Nothing was returned.</exception>
    public static IReadOnlyDictionary<string, double> Outputs(string expected, Func<IReadOnlyDictionary<string, torch.Tensor>, IEnumerable<(string Name, torch.Tensor Value)>> run, double tolerance = 1e-4)
    {
        ArgumentException.ThrowIfNullOrEmpty(expected);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        using var checkpoint = Checkpoint.Open(expected);
        var findings = new Findings();
        var differences = OutputCheck.Run(checkpoint, run, tolerance, findings);
        return findings.Problems.Count == 0 ? differences : throw new ModelTestException(Path.GetFileName(expected), [.. findings.Problems]);
    }
}
