using System.Collections.Immutable;
using System.Reflection.Metadata;
using Lanyard.Generator.Models;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads which model families a referenced assembly has, from the attributes that the generator wrote on it.</summary>
/// <remarks>
/// From the reference alone: what is read of a compilation is read again at each edit, and this is read once for each reference. A file is read by its
/// tables, since one assembly by itself has no symbols for what it refers to.
/// </remarks>
internal static class FamilyReader
{
    private const string Runtime = "Lanyard";
    private const string Attribute = "ModelFamilyAttribute";

    // How the value of every attribute begins.
    private const ushort Prolog = 1;

    /// <summary>The root classes, as code spells them, in the order of the assembly.</summary>
    public static EquatableArray<string> Read(MetadataReference reference, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();

        // What has only other names than the global one cannot be spelled.
        var aliases = reference.Properties.Aliases;
        if (reference.Properties.Kind != MetadataImageKind.Assembly || (!aliases.IsDefaultOrEmpty && !aliases.Contains(MetadataReferenceProperties.GlobalAlias))) return [];
        return reference switch
        {
            CompilationReference { Compilation: var compilation } => Read(compilation),
            PortableExecutableReference file => Read(file),
            _ => [],
        };
    }

    private static EquatableArray<string> Read(Compilation compilation) => !compilation.ReferencedAssemblyNames.Any(static name => name.Name == Runtime)
        ? []
        : compilation.Assembly.Attributes(Attribute).Select(static attribute => attribute.Text(0)).ToImmutableArray();

    private static EquatableArray<string> Read(PortableExecutableReference file)
    {
        try
        {
            if (file.GetMetadata() is not AssemblyMetadata assembly) return [];
            var reader = assembly.GetModules()[0].GetMetadataReader();
            if (!reader.IsAssembly || !reader.AssemblyReferences.Any(handle => reader.StringComparer.Equals(reader.GetAssemblyReference(handle).Name, Runtime))) return [];
            return reader.GetAssemblyDefinition().GetCustomAttributes().Select(reader.GetCustomAttribute).Where(attribute => IsFamily(reader, attribute)).Select(attribute => Argument(reader, attribute)).OfType<string>().ToImmutableArray();
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException)
        {
            // That a reference cannot be read is for the compiler to say, and it does.
            return [];
        }
    }

    private static bool IsFamily(MetadataReader reader, CustomAttribute attribute) =>
        attribute.Constructor.Kind == HandleKind.MemberReference
        && reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
        && reader.GetTypeReference((TypeReferenceHandle)parent) is var type
        && reader.StringComparer.Equals(type.Name, Attribute)
        && reader.StringComparer.Equals(type.Namespace, Runtime);

    private static string? Argument(MetadataReader reader, CustomAttribute attribute)
    {
        var value = reader.GetBlobReader(attribute.Value);
        return value.ReadUInt16() == Prolog ? value.ReadSerializedString() : null;
    }
}
