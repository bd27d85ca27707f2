using System.ComponentModel;
using System.Runtime.CompilerServices;
using Lanyard.Index;
using Lanyard.Maps;
using TorchSharp;

namespace Lanyard;

/// <summary>Looking at a model whose parameters are tied to their loaders.</summary>
public static class ParameterModuleExtensions
{
    /// <summary>Every parameter of a module and of everything below it, under its full name: the path of its module in the checkpoint, then the name that it is registered under.</summary>
    /// <param name="model">The module: the root of a model, or a part of it.</param>
    /// <exception cref="InvalidOperationException">The model's own declarations contradict each other.</exception>
    public static IEnumerable<(string Name, BoundParameter Parameter)> AllParameters(this IParameterModule model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelIndex.Of(model.Parameters).Parameters.Select(parameter => (parameter.Name, parameter.Bound));
    }

    /// <summary>
    /// Says that the values of a model do not come from a load: whoever made it writes all of them, as for training from scratch. Without this a
    /// parameter that was never loaded cannot be read outside a constructor. What post-load methods make stays unreadable until a load, and
    /// the parameters are in the layouts in which loads write them.
    /// </summary>
    /// <param name="model">The module: the root of a model, or a part of it.</param>
    /// <returns>The same module.</returns>
    public static T InitialisedByHand<T>(this T model)
        where T : IParameterModule
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach (var (_, set) in ContextTree.Sets(model.Parameters)) set.IsInitialised = true;
        return model;
    }

    /// <summary>Gives a model what its ranks do together in a forward pass. Loads, refits and exports need none.</summary>
    /// <param name="model">The root of a model: this rank's slice.</param>
    /// <param name="collectives">The operations of this rank.</param>
    /// <returns>The same module.</returns>
    public static T Join<T>(this T model, ICollectives collectives)
        where T : IParameterModule
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(collectives);
        foreach (var (_, set) in ContextTree.Sets(model.Parameters)) set.Collectives = collectives;
        return model;
    }

    /// <summary>
    /// Puts modules of one's own in the place of children, without a change of the class that has them. What is below a module that was put there is
    /// not asked for, and neither is the root. The module that stood there before is the caller's.
    /// </summary>
    /// <param name="model">The root of a model, or a part of it, after its constructor and before its first load.</param>
    /// <param name="replacement">Given the path of a child, as in the checkpoint (<c>model.layers.0.mlp.experts</c>), and the child: what takes its place, of the property's type; null to leave it.</param>
    /// <returns>The same module.</returns>
    /// <exception cref="ExchangeException">Lists every child that cannot be exchanged, and why. Nothing is changed.</exception>
    /// <exception cref="ModelStateException">The model is loaded, or being loaded.</exception>
    public static T Exchange<T>(this T model, Func<string, torch.nn.Module, torch.nn.Module?> replacement)
        where T : IParameterModule
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(replacement);
        ChildExchange.Run(model.Parameters, replacement);
        return model;
    }

    /// <summary>
    /// Says of a model, from outside, what <c>CreateParameters</c> says in a constructor: for one whose constructor does not ask, and for a part of a
    /// model that is used by itself.
    /// </summary>
    /// <param name="model">The module, with everything below it.</param>
    /// <param name="topology">The rank; one that holds everything where nobody says it.</param>
    /// <param name="type">The element type of parameters that declare none; float32 where nobody says it.</param>
    /// <param name="device">Where they are; on the CPU where nobody says it.</param>
    /// <param name="kernelLayouts">Whether parameters are in declared kernel layouts, and post-load methods make what kernels want: <see cref="ParameterSet.HasKernelLayouts"/>; true where nobody says it.</param>
    /// <param name="allocate">What makes the memory of parameters, in the whole tree; fresh tensors where nobody says it.</param>
    /// <returns>The same module.</returns>
    /// <exception cref="ModelStateException">What <paramref name="allocate"/> made cannot be used, all of it named; the parameters were made already, or a module of the tree was told something else.</exception>
    /// <exception cref="ArgumentException">The topology does not divide an axis, or would leave elements on no rank; all such axes are named.</exception>
    public static T OnRank<T>(this T model, Topology? topology = null, torch.ScalarType? type = null, torch.Device? device = null, bool? kernelLayouts = null, ParameterAllocator? allocate = null)
        where T : IParameterModule
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Parameters.Create(topology ?? Topology.Single, type, device, kernelLayouts, allocate);
        return model;
    }

    /// <summary>Refuses a module of a class without <see cref="ParameterModuleAttribute"/>, when it is compiled.</summary>
    [Obsolete(Unannotated.Message, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    [OverloadResolutionPriority(-1)]
    public static torch.nn.Module OnRank(this torch.nn.Module model, Topology? topology = null, torch.ScalarType? type = null, torch.Device? device = null, bool? kernelLayouts = null, ParameterAllocator? allocate = null) => throw new NotSupportedException(Unannotated.Message);
}
