using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>What stands before the names of a module's tensors in each format.</summary>
/// <param name="Default">What stands there in formats that have no other names for the module or one above it.</param>
/// <param name="Others">What stands there in those that have.</param>
public sealed record ModuleNames(ModulePrefix Default, ImmutableArray<(string Format, ModulePrefix Prefix)> Others)
{
    /// <summary>Those of a root.</summary>
    public static ModuleNames Root { get; } = new(ModulePrefix.Root, []);

    /// <summary>All that differ.</summary>
    public IEnumerable<ModulePrefix> All => Others.Select(static other => other.Prefix).Prepend(Default).GroupBy(static prefix => prefix.Text).Select(static alike => alike.First());

    /// <summary>What stands there in a format.</summary>
    public ModulePrefix Of(string format) => Others.Where(other => other.Format == format).Select(static other => other.Prefix).FirstOrDefault() ?? Default;

    /// <summary>Those of a child, in a convention.</summary>
    public ModuleNames Child(DescribedChild child, string convention) => new(
        Default.Child(child.NameIn(convention, "")),
        [
            .. Others.Select(static other => other.Format).Union(child.Names.Where(static name => name.Format.Length > 0).Select(static name => name.Format))
                .Select(format => (format, Of(format).Child(child.NameIn(convention, format)))),
        ]);

    /// <summary>The same, each changed.</summary>
    public ModuleNames Select(Func<ModulePrefix, ModulePrefix> change) => new(change(Default), [.. Others.Select(other => (other.Format, change(other.Prefix)))]);
}
