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
    }

    private static void Emit(SourceProductionContext context, DeclinedModel declined) =>
        context.AddSource(FileNames.Of(declined.FileName), SourceText.From(DeclinedEmitter.Emit(declined), Encoding.UTF8));
}
