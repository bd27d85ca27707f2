using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads the members that attributes name.</summary>
internal static class MemberParser
{
    /// <summary>The member of a name; null where none is named.</summary>
    public static MemberModel? Named(INamedTypeSymbol type, object? named) => named is string { Length: > 0 } name
        ? new MemberModel(Identifiers.Escape(name), KnownTypes.BasesOf(type).SelectMany(owner => owner.GetMembers(name)).FirstOrDefault() is { IsStatic: true })
        : null;
}
