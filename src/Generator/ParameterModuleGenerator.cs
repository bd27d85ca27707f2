using System.Collections.Immutable;
using System.Text;
using Lanyard.Generator.Emit;
using Lanyard.Generator.Models;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Lanyard.Generator;

/// <summary>
/// Writes the other half of every class with <c>[ParameterModule]</c>. It reports nothing: what is wrong with a class is for
/// analyzers to say, and the generator writes as much as still helps.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ParameterModuleGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // One look-up for each class and none for its members, for at each edit Roslyn asks for every annotated node again; and nothing is
        // combined with the compilation, which is another one then, so that all that follows would run again.
        var candidates = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownTypes.ParameterModuleAttribute,
                static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                static (context, cancel) => ModuleParser.Parse(context, cancel))
            .WithTrackingName(TrackingNames.Candidates);
        var modules = candidates
            .Where(static candidate => candidate?.Module is not null)
            .Select(static (candidate, _) => candidate!.Module!)
            .WithTrackingName(TrackingNames.Modules);

        // File names ignore case and C# does not. The set is all but always empty, so that it never makes a file stale.
        var collisions = modules
            .Select(static (module, _) => module.FileName)
            .Collect()
            .Select(static (names, _) => FileNames.Colliding(names))
            .WithTrackingName(TrackingNames.Collisions);

        var files = modules
            .Combine(collisions)
            .Select(static (pair, _) => new FileModel(FileNames.Of(pair.Left.FileName, pair.Right), pair.Left))
            .WithTrackingName(TrackingNames.Files);

        // Not as an implementation output, which editors leave out: every partial property would lack its other half there.
        context.RegisterSourceOutput(files, static (context, file) =>
            context.AddSource(file.Name, SourceText.From(ModuleEmitter.Emit(file.Module), Encoding.UTF8)));

        // A partial property without its other half keeps the compiler from asking the rules what is wrong.
        var declined = candidates
            .Where(static candidate => candidate?.Declined is not null)
            .Select(static (candidate, _) => candidate!.Declined!)
            .WithTrackingName(TrackingNames.Declined);
        var forgotten = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => DeclinedParser.IsCandidate(node), static (context, cancel) => DeclinedParser.Parse(context, cancel))
            .Where(static declined => declined is not null)
            .Select(static (declined, _) => declined!)
            .WithTrackingName(TrackingNames.Forgotten);
        context.RegisterSourceOutput(declined, static (context, declined) => Emit(context, declined));
        context.RegisterSourceOutput(forgotten, static (context, declined) => Emit(context, declined));

        // Not of annotated classes alone: a family may be a plain class below one.
        var own = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => FamilyParser.IsCandidate(node), static (context, cancel) => FamilyParser.Parse(context, cancel))
            .Where(static family => family is not null)
            .Select(static (family, _) => family!)
            .Collect()
            .Select(static (families, _) => new EquatableArray<FamilyModel>(families))
            .WithTrackingName(TrackingNames.OwnFamilies);
        var referenced = context.MetadataReferencesProvider
            .Select(static (reference, cancel) => FamilyReader.Read(reference, cancel))
            .WithTrackingName(TrackingNames.ReferencedFamilies)
            .Where(static families => families.Count > 0)
            .Collect();
        var isProgram = context.CompilationProvider
            .Select(static (compilation, _) => compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication)
            .WithTrackingName(TrackingNames.IsProgram);
        var families = own.Combine(referenced).Combine(isProgram)
            .SelectMany(static (all, _) => FamilyTableModel.Of(all.Left.Left, all.Left.Right, all.Right) is { IsEmpty: false } table ? ImmutableArray.Create(table) : [])
            .WithTrackingName(TrackingNames.Families);

        // Not as an implementation output here either: an editor that has both projects open reads the attributes of one for the other.
        context.RegisterSourceOutput(families, static (context, table) =>
            context.AddSource(FamilyEmitter.File, SourceText.From(FamilyEmitter.Emit(table), Encoding.UTF8)));
    }

    private static void Emit(SourceProductionContext context, DeclinedModel declined) =>
        context.AddSource(FileNames.Of(declined.FileName), SourceText.From(DeclinedEmitter.Emit(declined), Encoding.UTF8));
}
