extern alias runtime;

using System.Collections.Immutable;
using System.Reflection;
using Lanyard.Generator.Conformance.Classes;
using runtime::Lanyard;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>What annotated classes of assemblies declare: what the generator wrote on them.</summary>
/// <param name="assemblies">The assemblies.</param>
internal sealed class ReflectedClasses(params Assembly[] assemblies)
{
    private readonly Dictionary<string, DescribedModule?> _classes = new(StringComparer.Ordinal);

    /// <summary>What a class declares, or the nearest one that it derives from; null where it is no annotated class.</summary>
    public DescribedModule? Find(string name)
    {
        if (!_classes.TryGetValue(name, out var known)) _classes[name] = known = assemblies.Select(assembly => assembly.GetType(name)).FirstOrDefault(static type => type is not null) is { } type ? Of(type) : null;
        return known;
    }

    /// <summary>What a class declares.</summary>
    public static DescribedModule? Of(Type type)
    {
        var overrides = ImmutableArray.CreateBuilder<DescribedOverride>();
        for (var at = type; at is not null; at = at.BaseType)
        {
            foreach (var child in at.GetCustomAttributes<ChildAttribute>(inherit: false).Where(static child => child.Path is not null)) overrides.Add(new(child.Path!, [.. child.Classes.Select(Name)], child.Axes));
            foreach (var path in at.GetCustomAttributes<WithoutAttribute>(inherit: false).SelectMany(static without => without.Paths)) overrides.Add(new(path, [], null));
            foreach (var path in at.GetCustomAttributes<WithAttribute>(inherit: false).SelectMany(static with => with.Paths)) overrides.Add(new(path, [], null) { IsAlways = true });
            if (at.GetCustomAttribute<DeclarationAttribute>(inherit: false) is { } declaration) return DeclarationReader.Read(Name(type), declaration.Lines) with { Overrides = overrides.ToImmutable() };
        }
        return null;
    }

    private static string Name(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!;
}
