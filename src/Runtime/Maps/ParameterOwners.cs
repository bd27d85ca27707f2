using System.Runtime.CompilerServices;
using TorchSharp.Modules;

namespace Lanyard.Maps;

/// <summary>Whose value a parameter object is. One object in two parameters would be loaded twice, the later tensor over the earlier.</summary>
internal static class ParameterOwners
{
    private static readonly ConditionalWeakTable<Parameter, BoundParameter> Brought = [];

    /// <summary>Makes an object the value of a parameter.</summary>
    /// <exception cref="ArgumentException">It is the value of another one.</exception>
    public static void Claim(Parameter value, BoundParameter parameter)
    {
        var owner = value is OwnedParameter made ? made.Owner : Brought.GetValueOrDefault(value);
        if (ReferenceEquals(owner, parameter)) return;
        if (owner is not null && owner.IsValue(value))
        {
            throw new ArgumentException(
                $"{parameter} was given the tensor of {owner}: a load would write the tensors of both into it, the later over the earlier. To tie two weights, keep one parameter, let forward use it in both places, and declare the other name with [CheckpointAlias] on the root; for a value of its own, give it a clone().",
                nameof(value));
        }
        if (value is OwnedParameter free) free.Owner = parameter;
        else Brought.AddOrUpdate(value, parameter);
    }

    private static BoundParameter? GetValueOrDefault(this ConditionalWeakTable<Parameter, BoundParameter> table, Parameter value) =>
        table.TryGetValue(value, out var owner) ? owner : null;
}
